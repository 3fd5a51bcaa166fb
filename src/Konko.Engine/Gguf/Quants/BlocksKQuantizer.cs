using System.Runtime.Intrinsics;

namespace Konko.Engine.Gguf.Quants;

/// <summary>
/// Rounds 256 elements to one super-block; the layouts are those of <see cref="BlocksK"/>. Each sub-block's scale is
/// searched for; the scales are rounded to the super-block's, where the neighbours of the nearest integers are tried
/// too, for the elements may fit one of them better; then the elements are rounded.
/// </summary>
internal static class BlocksKQuantizer
{
    private const int MostScale = 63;

    // By how much the sixteen integers that are tried differ from the nearest, for scale and minimum.
    private static Vector512<float> ScaleSteps => Vector512.Create(0f, -2, -2, -2, -1, -1, -1, 0, 0, 1, 1, 1, 2, 2, 2, 0);

    private static Vector512<float> MinimumSteps => Vector512.Create(0f, -1, 0, 1, -1, 0, 1, -1, 1, -1, 0, 1, -1, 0, 1, 0);

    private static Vector512<float> SignedSteps => Vector512.Create(0f, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6, 6, -7, 7, 0);

    /// <summary>Sub-blocks of 32 as scale · q − minimum, q of 4 bits, scales and minimums of 6.</summary>
    public static void Q4_K(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<int> quants = stackalloc int[BlocksK.Elements];
        block.Clear();
        Affine(values, 15, block, quants);
        PutNibbles(quants, block[16..]);
    }

    /// <summary>As <see cref="Q4_K"/>, q of 5 bits.</summary>
    public static void Q5_K(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<int> quants = stackalloc int[BlocksK.Elements];
        block.Clear();
        Affine(values, 31, block, quants);
        for (int i = 0; i < BlocksK.Elements; i++) block[16 + i % 32] |= (byte)(quants[i] >> 4 << (i / 32));
        PutNibbles(quants, block[48..]);
    }

    /// <summary>Sub-blocks of 16 as scale · (q − 32), q of 6 bits, scales of 8 with sign.</summary>
    public static void Q6_K(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> weights = stackalloc float[BlocksK.Elements];
        Span<float> scales = stackalloc float[16];
        for (int j = 0; j < 16; j++)
        {
            ReadOnlySpan<float> sub = values.Slice(16 * j, 16);
            ScaleSearch.Weigh(sub, weights.Slice(16 * j, 16));
            scales[j] = ScaleSearch.Symmetric(sub, weights.Slice(16 * j, 16), 32);
        }

        Span<int> quants = stackalloc int[16];
        block.Clear();
        float d = Blocks32Quantizer.PutHalf(block, 208, ScaleSearch.Extreme(scales) / -128);
        for (int j = 0; j < 16; j++)
        {
            ReadOnlySpan<float> sub = values.Slice(16 * j, 16);
            Vector512<float> tried = Near(Quantizer.Nearest(scales[j], d, -128, 127), SignedSteps, -128, 127);
            int lane = ScaleSearch.BestLane(sub, weights.Slice(16 * j, 16), new UniformGrid(-32, 31), Vector512.Create(d) * tried, Vector512<float>.Zero);
            int scale = (int)tried.GetElement(lane);
            block[192 + j] = (byte)scale;
            Rounding.ToIntegers(sub, d * scale, 0, -32, 31, quants);
            for (int k = 0; k < 16; k++)
            {
                int i = 16 * j + k;
                int q = quants[k] + 32;
                block[i / 128 * 64 + i % 64] |= (byte)((q & 0xf) << (i / 64 % 2 * 4));
                block[128 + i / 128 * 32 + i % 32] |= (byte)(q >> 4 << (i / 32 % 4 * 2));
            }
        }
    }

    // d, dmin and the packed scales at the start of the block, and the integers.
    private static void Affine(ReadOnlySpan<float> values, int top, Span<byte> block, Span<int> quants)
    {
        Span<float> weights = stackalloc float[BlocksK.Elements];
        Span<float> scales = stackalloc float[8];
        Span<float> minimums = stackalloc float[8];
        for (int j = 0; j < 8; j++)
        {
            ReadOnlySpan<float> sub = values.Slice(32 * j, 32);
            ScaleSearch.Weigh(sub, weights.Slice(32 * j, 32));
            (scales[j], float offset) = ScaleSearch.Affine(sub, weights.Slice(32 * j, 32), top, ScaleSearch.Offset.NotAbove0);
            minimums[j] = -offset;
        }

        float d = Blocks32Quantizer.PutHalf(block, 0, ScaleSearch.Range(scales).Max / MostScale);
        float dmin = Blocks32Quantizer.PutHalf(block, 2, ScaleSearch.Range(minimums).Max / MostScale);
        for (int j = 0; j < 8; j++)
        {
            ReadOnlySpan<float> sub = values.Slice(32 * j, 32);
            Vector512<float> tried = Near(Quantizer.Nearest(scales[j], d, 0, MostScale), ScaleSteps, 0, MostScale);
            Vector512<float> triedMinimums = Near(Quantizer.Nearest(minimums[j], dmin, 0, MostScale), MinimumSteps, 0, MostScale);
            int lane = ScaleSearch.BestLane(
                sub, weights.Slice(32 * j, 32), new UniformGrid(0, top), Vector512.Create(d) * tried, Vector512.Create(-dmin) * triedMinimums);
            int scale = (int)tried.GetElement(lane);
            int minimum = (int)triedMinimums.GetElement(lane);
            PutScales(block.Slice(4, 12), j, scale, minimum);
            Rounding.ToIntegers(sub, d * scale, -dmin * minimum, 0, top, quants[(32 * j)..]);
        }
    }

    private static Vector512<float> Near(int nearest, Vector512<float> steps, int low, int top)
        => new UniformGrid(low, top).Nearest(Vector512.Create((float)nearest) + steps);

    private static void PutNibbles(ReadOnlySpan<int> quants, Span<byte> nibbles)
    {
        for (int i = 0; i < BlocksK.Elements; i++) nibbles[i / 64 * 32 + i % 32] |= (byte)((quants[i] & 0xf) << (i / 32 % 2 * 4));
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
}
