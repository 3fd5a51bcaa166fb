using Konko.Engine.Gguf;
using Konko.Engine.Numerics;

namespace Konko.Engine.Models;

/// <summary>Rotary frequencies as a file's scaling asks for: none, linear, YaRN, longrope, and factors of single frequencies.</summary>
internal static class RopeScaling
{
    private const string LongFactors = "rope_factors_long.weight";
    private const string ShortFactors = "rope_factors_short.weight";

    /// <summary>The table that a file describes.</summary>
    /// <param name="metadata">The file's metadata.</param>
    /// <param name="shape">The model's numbers.</param>
    /// <param name="factors">Divisors of single frequencies by the name of their tensor; gives null where the file has none.</param>
    /// <param name="base">The base where it is not the file's <c>rope.freq_base</c>.</param>
    /// <param name="scaled">False for layers that the scaling leaves alone.</param>
    /// <exception cref="GgufException">A scaling that is not supported, or a number out of range.</exception>
    public static RopeTable Table(GgufMetadata metadata, DecoderShape shape, Func<string, float[]?> factors, double? @base = null, bool scaled = true)
    {
        double b = @base ?? metadata.FindFloat(metadata.Key("rope.freq_base")) ?? 10000;
        if (!(b > 1 && b < 1e30)) throw metadata.Wrong(metadata.Key("rope.freq_base"), $"{b} is out of range");
        double[] frequencies = new double[shape.RopeDims / 2];
        for (int i = 0; i < frequencies.Length; i++) frequencies[i] = ScalarMath.Pow(b, -2.0 * i / shape.RopeDims);
        if (!scaled) return new RopeTable(frequencies, 1);

        string typeKey = metadata.Key("rope.scaling.type");
        string type = metadata.FindString(typeKey) ?? "none";
        double magnitude = Number(metadata, "rope.scaling.attn_factor") ?? 1;
        // Where another scaling is named, these are not asked for, and the file is refused for having them.
        bool mayBeLong = type is "longrope" or "none";
        float[]? longs = mayBeLong ? factors(LongFactors) : null, shorts = mayBeLong ? factors(ShortFactors) : null;
        if (type == "longrope" || (longs ?? shorts) is not null)
        {
            int original = metadata.FindInt32(metadata.Key("rope.scaling.original_context_length")) ?? shape.ContextLength;
            bool isLong = shape.ContextLength > original;
            Divide(frequencies, (isLong ? longs : shorts) ?? throw new GgufException(
                $"tensor '{(isLong ? LongFactors : ShortFactors)}': it is missing, and a context of {shape.ContextLength}, of originally {original}, asks for it."));
            double all = Number(metadata, "rope.scaling.factor") ?? 1;
            for (int i = 0; i < frequencies.Length; i++) frequencies[i] /= all;
            return new RopeTable(frequencies, magnitude);
        }

        if (factors("rope_freqs.weight") is float[] single) Divide(frequencies, single);
        double factor = Number(metadata, "rope.scaling.factor") ?? Number(metadata, "rope.scale_linear") ?? 1;
        switch (type)
        {
            case "none" when Number(metadata, "rope.scale_linear") is null:
                break;
            case "none" or "linear":
                for (int i = 0; i < frequencies.Length; i++) frequencies[i] /= factor;
                break;
            case "yarn":
                magnitude *= Yarn(metadata, shape, frequencies, b, factor);
                break;
            default:
                throw metadata.Wrong(typeKey, $"RoPE scaling '{type}' is not supported");
        }

        return new RopeTable(frequencies, magnitude);
    }

    /// <summary>Blends frequencies that turn often (kept) into those that turn seldom (divided by the factor); returns the magnitude.</summary>
    private static double Yarn(GgufMetadata metadata, DecoderShape shape, double[] frequencies, double @base, double factor)
    {
        int original = metadata.FindInt32(metadata.Key("rope.scaling.original_context_length")) ?? shape.ContextLength;
        double fast = Number(metadata, "rope.scaling.yarn_beta_fast") ?? 32, slow = Number(metadata, "rope.scaling.yarn_beta_slow") ?? 1;
        double low = Math.Max(0, Math.Floor(Turns(fast))), high = Math.Min(shape.RopeDims - 1, Math.Ceiling(Turns(slow)));
        for (int i = 0; i < frequencies.Length; i++)
        {
            double keep = 1 - Math.Clamp((i - low) / Math.Max(0.001, high - low), 0, 1);
            frequencies[i] = frequencies[i] / factor * (1 - keep) + frequencies[i] * keep;
        }

        return 1 + 0.1 * ScalarMath.Log(factor);

        // The pair that turns so many times within the original context.
        double Turns(double times) => shape.RopeDims * ScalarMath.Log(original / (times * 2 * Math.PI)) / (2 * ScalarMath.Log(@base));
    }

    private static void Divide(double[] frequencies, float[] factors)
    {
        for (int i = 0; i < frequencies.Length; i++)
        {
            if (!(factors[i] > 0)) throw new GgufException($"The RoPE factors hold {factors[i]}, which is not a positive number.");
            frequencies[i] /= factors[i];
        }
    }

    private static double? Number(GgufMetadata metadata, string suffix)
    {
        string key = metadata.Key(suffix);
        if (metadata.FindFloat(key) is not float value) return null;
        return value is > 0 and < 1e6f ? value : throw metadata.Wrong(key, $"{value} is out of range");
    }
}
