namespace Konko.Engine.Gguf.Quants;

/// <summary>
/// Rounds 256 elements to one super-block; the layouts are those of <see cref="BlocksK"/>. Each sub-block's scale is
/// searched around its range by least squares, the scales are rounded to the super-block's, then the elements.
/// </summary>
internal static class BlocksKQuantizer
{
    /// <summary>Sub-blocks of 32 as scale · q − minimum, q of 4 bits, scales and minimums of 6.</summary>
    public static void Q4_K(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> scales = stackalloc float[8];
        Span<float> minimums = stackalloc float[8];
        for (int j = 0; j < 8; j++) (scales[j], minimums[j]) = ScaleSearch.Affine(values.Slice(32 * j, 32), 15);

        block.Clear();
        float d = Blocks32Quantizer.PutHalf(block, 0, Largest(scales) / 63);
        float dmin = Blocks32Quantizer.PutHalf(block, 2, Largest(minimums) / 63);
        for (int j = 0; j < 8; j++)
        {
            int scale = Quantizer.Nearest(scales[j], d, 0, 63);
            int minimum = Quantizer.Nearest(minimums[j], dmin, 0, 63);
            PutScales(block.Slice(4, 12), j, scale, minimum);
            for (int i = 0; i < 32; i++)
            {
                int q = Quantizer.Nearest(values[32 * j + i] + dmin * minimum, d * scale, 0, 15);
                block[16 + j / 2 * 32 + i] |= (byte)(q << (j % 2 * 4));
            }
        }
    }

    /// <summary>Sub-blocks of 16 as scale · (q − 32), q of 6 bits, scales of 8 with sign.</summary>
    public static void Q6_K(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> scales = stackalloc float[16];
        float extreme = 0;
        for (int j = 0; j < 16; j++)
        {
            scales[j] = ScaleSearch.Symmetric(values.Slice(16 * j, 16), 32);
            if (MathF.Abs(scales[j]) > MathF.Abs(extreme)) extreme = scales[j];
        }

        block.Clear();
        float d = Blocks32Quantizer.PutHalf(block, 208, extreme / -128);
        for (int j = 0; j < 16; j++)
        {
            int scale = Quantizer.Nearest(scales[j], d, -128, 127);
            block[192 + j] = (byte)scale;
            for (int i = 16 * j; i < 16 * j + 16; i++)
            {
                int q = Quantizer.Nearest(values[i], d * scale, -32, 31) + 32;
                block[i / 128 * 64 + i % 64] |= (byte)((q & 0xf) << (i / 64 % 2 * 4));
                block[128 + i / 128 * 32 + i % 32] |= (byte)(q >> 4 << (i / 32 % 4 * 2));
            }
        }
    }

    // The packing that BlocksK.Scale and BlocksK.Minimum read.
    private static void PutScales(Span<byte> packed, int j, int scale, int minimum)
    {
        if (j < 4)
        {
            packed[j] |= (byte)scale;
            packed[j + 4] |= (byte)minimum;
            return;
        }

        packed[j + 4] |= (byte)((scale & 0xf) | ((minimum & 0xf) << 4));
        packed[j - 4] |= (byte)(scale >> 4 << 6);
        packed[j] |= (byte)(minimum >> 4 << 6);
    }

    private static float Largest(ReadOnlySpan<float> numbers)
    {
        float largest = 0;
        foreach (float number in numbers) largest = MathF.Max(largest, number);
        return largest;
    }
}
