using Konko.Engine.Gguf;

namespace Konko.Engine.Tests.Gguf.Quants;

/// <summary>What the types hold after rounding without any search, in double precision: the yardstick for the quantisers.</summary>
internal static class PlainRounding
{
    /// <summary>The values after rounding each block by its range alone.</summary>
    public static float[] RoundTrip(GgmlType type, float[] values) => type switch
    {
        GgmlType.Q8_0 => Blocks(values, 32, block => Scaled(block, Scale(block, 127, absolute: true), -127, 127)),
        GgmlType.Q4_0 => Blocks(values, 32, block => Scaled(block, Scale(block, -8), -8, 7)),
        GgmlType.Q5_0 => Blocks(values, 32, block => Scaled(block, Scale(block, -16), -16, 15)),
        GgmlType.Q4_1 => Blocks(values, 32, block => Ranged(block, 15)),
        GgmlType.Q5_1 => Blocks(values, 32, block => Ranged(block, 31)),
        GgmlType.IQ4_NL => Blocks(values, 32, block => Listed(block, Scale(block, -127))),
        GgmlType.Q4_K => Blocks(values, 256, block => Super(block, 15)),
        GgmlType.Q5_K => Blocks(values, 256, block => Super(block, 31)),
        GgmlType.Q6_K => Blocks(values, 256, SuperSigned),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static float[] Blocks(float[] values, int size, Func<float[], double[]> round)
        => [.. values.Chunk(size).SelectMany(block => round(block)).Select(value => (float)value)];

    private static double Scale(float[] block, int levels, bool absolute = false)
    {
        float extreme = block.MaxBy(MathF.Abs);
        return Half((absolute ? MathF.Abs(extreme) : extreme) / levels);
    }

    private static double[] Scaled(float[] block, double scale, int low, int top, double offset = 0)
        => [.. block.Select(x => scale == 0 ? offset : scale * Math.Clamp(Math.Round((x - offset) / scale), low, top) + offset)];

    private static double[] Ranged(float[] block, int top)
    {
        double min = Half(block.Min());
        return Scaled(block, Half((block.Max() - min) / top), 0, top, min);
    }

    private static double[] Listed(float[] block, double scale)
    {
        double[] values = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];
        return [.. block.Select(x => scale == 0 ? 0 : scale * values.MinBy(value => Math.Abs(x / scale - value)))];
    }

    // Each sub-block's range, then scales and minimums rounded to 6 bits of the super-block's greatest.
    private static double[] Super(float[] block, int top)
    {
        (double Scale, double Minimum)[] subs =
            [.. block.Chunk(32).Select(sub => ((Math.Max(sub.Max(), 0) - Math.Min(sub.Min(), 0)) / (double)top, -Math.Min((double)sub.Min(), 0)))];
        double d = Half(subs.Max(sub => sub.Scale) / 63);
        double dmin = Half(subs.Max(sub => sub.Minimum) / 63);
        return
        [
            .. block.Chunk(32).Zip(subs).SelectMany(pair => Scaled(
                pair.First, d * Whole(pair.Second.Scale, d), 0, top, -dmin * Whole(pair.Second.Minimum, dmin))),
        ];
    }

    private static double[] SuperSigned(float[] block)
    {
        double[] scales = [.. block.Chunk(16).Select(sub => sub.MaxBy(MathF.Abs) / -32.0)];
        double d = Half(scales.MaxBy(Math.Abs) / -128);
        return [.. block.Chunk(16).Zip(scales).SelectMany(pair => Scaled(pair.First, d * Math.Clamp(Whole(pair.Second, d), -128, 127), -32, 31))];
    }

    private static double Whole(double value, double scale) => scale == 0 ? 0 : Math.Round(value / scale);

    private static double Half(double value) => (double)(System.Half)value;
}
