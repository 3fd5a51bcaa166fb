using System.Buffers.Binary;

namespace Konko.Engine.Gguf.Quants;

/// <summary>Rounds 32 elements to one block; the layouts are those of <see cref="Blocks32"/>.</summary>
internal static class Blocks32Quantizer
{
    /// <summary>d = amax / 127.</summary>
    public static void Q8_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        float d = PutHalf(block, 0, MathF.Abs(Extreme(values)) / 127);
        for (int i = 0; i < 32; i++) block[2 + i] = (byte)Quantizer.Nearest(values[i], d, -127, 127);
    }

    /// <summary>d = the element of largest magnitude, with its sign, divided by −8: it alone can use the 16th value.</summary>
    public static void Q4_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        float d = PutHalf(block, 0, Extreme(values) / -8);
        for (int i = 0; i < 16; i++)
        {
            int low = Quantizer.Nearest(values[i], d, -8, 7) + 8;
            int high = Quantizer.Nearest(values[i + 16], d, -8, 7) + 8;
            block[2 + i] = (byte)(low | (high << 4));
        }
    }

    /// <summary>m = the smallest element, d = (the largest − m) / 15.</summary>
    public static void Q4_1(ReadOnlySpan<float> values, Span<byte> block)
    {
        float min = values[0];
        float max = values[0];
        foreach (float value in values)
        {
            min = MathF.Min(min, value);
            max = MathF.Max(max, value);
        }

        float m = PutHalf(block, 2, min);
        float d = PutHalf(block, 0, (max - m) / 15);
        for (int i = 0; i < 16; i++)
        {
            int low = Quantizer.Nearest(values[i] - m, d, 0, 15);
            int high = Quantizer.Nearest(values[i + 16] - m, d, 0, 15);
            block[4 + i] = (byte)(low | (high << 4));
        }
    }

    /// <summary>Stores a number in half precision and returns what was stored.</summary>
    public static float PutHalf(Span<byte> block, int offset, float value)
    {
        ushort bits = HalfFloat.FromSingle(value);
        BinaryPrimitives.WriteUInt16LittleEndian(block[offset..], bits);
        return HalfFloat.ToSingle(bits);
    }

    // The first element of largest magnitude, with its sign.
    private static float Extreme(ReadOnlySpan<float> values)
    {
        float extreme = 0;
        foreach (float value in values)
        {
            if (MathF.Abs(value) > MathF.Abs(extreme)) extreme = value;
        }

        return extreme;
    }
}
