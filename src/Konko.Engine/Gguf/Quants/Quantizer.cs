namespace Konko.Engine.Gguf.Quants;

/// <summary>
/// Rounds float32 rows to the types that Konko writes. Deterministic: the same row gives the same bytes on
/// every machine. Scales are rounded to half precision first and elements against the rounded scales.
/// </summary>
public static class Quantizer
{
    // Half precision's largest number: scales and minimums never exceed the largest element.
    private const float MaxMagnitude = 65504f;
    private const float MaxBFloat16 = 3.3895314e38f;

    /// <summary>The types that can be written.</summary>
    public static IReadOnlyList<GgmlType> Types { get; } =
    [
        GgmlType.F32, GgmlType.F16, GgmlType.BF16, GgmlType.Q8_0, GgmlType.Q4_0, GgmlType.Q4_1, GgmlType.Q5_0, GgmlType.Q5_1,
        GgmlType.Q4_K, GgmlType.Q5_K, GgmlType.Q6_K, GgmlType.IQ4_NL,
    ];

    /// <summary>Rounds a row.</summary>
    /// <param name="type">One of <see cref="Types"/>.</param>
    /// <param name="values">The row; a whole number of blocks.</param>
    /// <param name="blocks">As many bytes as the blocks take.</param>
    /// <exception cref="GgufException">The type is none of <see cref="Types"/>, or an element is not finite or beyond ±65,504.</exception>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    public static void Row(GgmlType type, ReadOnlySpan<float> values, Span<byte> blocks)
    {
        CheckWritable(type);
        GgmlTypeInfo layout = GgmlTypeInfo.Of(type);
        if (values.Length % layout.BlockElements != 0 || layout.RowBytes(values.Length) != blocks.Length)
        {
            throw new ArgumentException($"{blocks.Length} bytes are not {values.Length} values of {type}.", nameof(blocks));
        }

        if (type is GgmlType.F32 or GgmlType.F16 or GgmlType.BF16)
        {
            FloatRows.Write(type, values, blocks);
            return;
        }

        int bad = FindBeyond(values, MaxMagnitude);
        if (bad >= 0) throw new GgufException($"Element {bad} of a row cannot become {type}: it is {values[bad]}.");

        for (int i = 0; i < values.Length / layout.BlockElements; i++)
        {
            ReadOnlySpan<float> from = values.Slice(i * layout.BlockElements, layout.BlockElements);
            Span<byte> to = blocks.Slice(i * layout.BlockBytes, layout.BlockBytes);
            switch (type)
            {
                case GgmlType.Q8_0: Blocks32Quantizer.Q8_0(from, to); break;
                case GgmlType.Q4_0: Blocks32Quantizer.Q4_0(from, to); break;
                case GgmlType.Q4_1: Blocks32Quantizer.Q4_1(from, to); break;
                case GgmlType.Q5_0: Blocks32Quantizer.Q5_0(from, to); break;
                case GgmlType.Q5_1: Blocks32Quantizer.Q5_1(from, to); break;
                case GgmlType.IQ4_NL: Blocks32Quantizer.IQ4_NL(from, to); break;
                case GgmlType.Q4_K: BlocksKQuantizer.Q4_K(from, to); break;
                case GgmlType.Q5_K: BlocksKQuantizer.Q5_K(from, to); break;
                default: BlocksKQuantizer.Q6_K(from, to); break;
            }
        }
    }

    /// <summary>Refuses a type that Konko does not write.</summary>
    internal static void CheckWritable(GgmlType type)
    {
        if (!Types.Contains(type)) throw new GgufException($"Konko does not write type {type}; it writes {string.Join(", ", Types)}.");
    }

    /// <summary>The largest magnitude that an element may have to become a type without turning infinite.</summary>
    internal static float LargestOf(GgmlType type) => type switch
    {
        GgmlType.F32 => float.MaxValue,
        GgmlType.BF16 => MaxBFloat16,
        _ => MaxMagnitude,
    };

    /// <summary>The first element that is no number or of more than a magnitude, or −1.</summary>
    internal static int FindBeyond(ReadOnlySpan<float> values, float magnitude)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!(MathF.Abs(values[i]) <= magnitude)) return i;
        }

        return -1;
    }

    /// <summary>The nearest integer to value / scale within a range, ties to even; 0 where the scale is 0.</summary>
    internal static int Nearest(float value, float scale, int min, int max)
        => scale == 0 ? 0 : (int)Math.Clamp(MathF.Round(value / scale), min, max);
}
