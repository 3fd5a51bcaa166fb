namespace Konko.Engine.Gguf.Quants;

/// <summary>
/// What the numbers of each type mean: the scalar definition that every kernel is held against. Products and sums are
/// float32, each rounded by itself, never fused.
/// </summary>
public static class Dequantizer
{
    /// <summary>Expands whole blocks to float32.</summary>
    /// <param name="type">The type of the blocks.</param>
    /// <param name="blocks">Whole blocks, as in the file.</param>
    /// <param name="values">As many values as the blocks hold.</param>
    /// <exception cref="GgufException">Konko does not read the type.</exception>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    public static void Row(GgmlType type, ReadOnlySpan<byte> blocks, Span<float> values)
    {
        GgmlTypeInfo layout = GgmlTypeInfo.Of(type);
        if (values.Length % layout.BlockElements != 0 || layout.RowBytes(values.Length) != blocks.Length)
        {
            throw new ArgumentException($"{blocks.Length} bytes are not {values.Length} values of {type}.", nameof(values));
        }

        switch (type)
        {
            case GgmlType.F32: FloatRows.F32(blocks, values); break;
            case GgmlType.F16: FloatRows.F16(blocks, values); break;
            case GgmlType.BF16: FloatRows.BF16(blocks, values); break;
            default:
                for (int i = 0; i < values.Length / layout.BlockElements; i++)
                {
                    Block(
                        type,
                        blocks.Slice(i * layout.BlockBytes, layout.BlockBytes),
                        values.Slice(i * layout.BlockElements, layout.BlockElements));
                }

                break;
        }
    }

    private static void Block(GgmlType type, ReadOnlySpan<byte> block, Span<float> values)
    {
        switch (type)
        {
            case GgmlType.Q4_0: Blocks32.Q4_0(block, values); break;
            case GgmlType.Q4_1: Blocks32.Q4_1(block, values); break;
            case GgmlType.Q5_0: Blocks32.Q5_0(block, values); break;
            case GgmlType.Q5_1: Blocks32.Q5_1(block, values); break;
            case GgmlType.Q8_0: Blocks32.Q8_0(block, values); break;
            case GgmlType.Q2_K: BlocksK.Q2_K(block, values); break;
            case GgmlType.Q3_K: BlocksK.Q3_K(block, values); break;
            case GgmlType.Q4_K: BlocksK.Q4_K(block, values); break;
            case GgmlType.Q5_K: BlocksK.Q5_K(block, values); break;
            case GgmlType.Q6_K: BlocksK.Q6_K(block, values); break;
            case GgmlType.IQ4_NL: BlocksCodebook.IQ4_NL(block, values); break;
            case GgmlType.IQ4_XS: BlocksCodebook.IQ4_XS(block, values); break;
            default: BlocksCodebook.MXFP4(block, values); break;
        }
    }
}
