using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Konko.Engine.Gguf.Quants;

/// <summary>
/// Rounds 32 elements to one block; the layouts are those of <see cref="Blocks32"/>. But for Q8_0, whose steps are fine
/// enough, scales and minimums are searched for, and plain rounding is kept where it is as good.
/// </summary>
internal static class Blocks32Quantizer
{
    private const int Elements = 32;

    private static ReadOnlySpan<float> Alike => [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];

    /// <summary>d = amax / 127.</summary>
    public static void Q8_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<int> quants = stackalloc int[Elements];
        float d = PutHalf(block, 0, MathF.Abs(ScaleSearch.Extreme(values)) / 127);
        Rounding.ToIntegers(values, d, 0, -127, 127, quants);
        for (int i = 0; i < Elements; i++) block[2 + i] = (byte)quants[i];
    }

    /// <summary>Plain: d = the element of largest magnitude, with its sign, divided by −8, for it alone can use the 16th value.</summary>
    public static void Q4_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<int> quants = stackalloc int[Elements];
        Rounding.ToIntegers(values, PutHalf(block, 0, Symmetric(values, 8)), 0, -8, 7, quants);
        PutNibbles(quants, 8, block[2..]);
    }

    /// <summary>Plain: m = the smallest element, d = (the largest − m) / 15.</summary>
    public static void Q4_1(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<int> quants = stackalloc int[Elements];
        (float d, float m) = Affine(values, 15);
        Rounding.ToIntegers(values, PutHalf(block, 0, d), PutHalf(block, 2, m), 0, 15, quants);
        PutNibbles(quants, 0, block[4..]);
    }

    /// <summary>As <see cref="Q4_0"/>, divided by −16.</summary>
    public static void Q5_0(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<int> quants = stackalloc int[Elements];
        Rounding.ToIntegers(values, PutHalf(block, 0, Symmetric(values, 16)), 0, -16, 15, quants);
        BinaryPrimitives.WriteUInt32LittleEndian(block[2..], PutNibbles(quants, 16, block[6..]));
    }

    /// <summary>As <see cref="Q4_1"/>, divided by 31.</summary>
    public static void Q5_1(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<int> quants = stackalloc int[Elements];
        (float d, float m) = Affine(values, 31);
        Rounding.ToIntegers(values, PutHalf(block, 0, d), PutHalf(block, 2, m), 0, 31, quants);
        BinaryPrimitives.WriteUInt32LittleEndian(block[4..], PutNibbles(quants, 0, block[8..]));
    }

    /// <summary>Indices into <see cref="BlocksCodebook.IQ4Values"/>; plain: d = the element of largest magnitude, with its sign, divided by −127.</summary>
    public static void IQ4_NL(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<int> quants = stackalloc int[Elements];
        float plain = Rounded(ScaleSearch.Extreme(values) / -127);
        float found = Rounded(ScaleSearch.Codebook(values, Alike));
        int best = ScaleSearch.BestLane(values, Alike, default(CodebookGrid), FirstAndRest(plain, found), Vector512<float>.Zero);
        float d = PutHalf(block, 0, best == 0 ? plain : found);
        Rounding.ToIndices(values, d, quants);
        PutNibbles(quants, 0, block[2..]);
    }

    /// <summary>Stores a number in half precision and returns what was stored.</summary>
    public static float PutHalf(Span<byte> block, int offset, float value)
    {
        ushort bits = HalfFloat.FromSingle(value);
        BinaryPrimitives.WriteUInt16LittleEndian(block[offset..], bits);
        return HalfFloat.ToSingle(bits);
    }

    private static float Symmetric(ReadOnlySpan<float> values, int levels)
    {
        float plain = Rounded(ScaleSearch.Extreme(values) / -levels);
        float found = Rounded(ScaleSearch.Symmetric(values, Alike, levels));
        return ScaleSearch.BestLane(values, Alike, new UniformGrid(-levels, levels - 1), FirstAndRest(plain, found), Vector512<float>.Zero) == 0 ? plain : found;
    }

    private static (float Scale, float Minimum) Affine(ReadOnlySpan<float> values, int top)
    {
        (float min, float max) = ScaleSearch.Range(values);
        float plainMinimum = Rounded(min);
        float plain = Rounded((max - plainMinimum) / top);
        (float found, float minimum) = ScaleSearch.Affine(values, Alike, top, ScaleSearch.Offset.Any);
        (found, minimum) = (Rounded(found), Rounded(minimum));
        return ScaleSearch.BestLane(values, Alike, new UniformGrid(0, top), FirstAndRest(plain, found), FirstAndRest(plainMinimum, minimum)) == 0
            ? (plain, plainMinimum)
            : (found, minimum);
    }

    private static Vector512<float> FirstAndRest(float first, float rest) => Vector512.Create(rest).WithElement(0, first);

    private static float Rounded(float value) => HalfFloat.ToSingle(HalfFloat.FromSingle(value));

    // The low four bits into nibbles; the fifth bits are returned.
    private static uint PutNibbles(ReadOnlySpan<int> quants, int zero, Span<byte> nibbles)
    {
        uint fifths = 0;
        for (int i = 0; i < 16; i++)
        {
            int low = quants[i] + zero;
            int high = quants[i + 16] + zero;
            nibbles[i] = (byte)((low & 0xf) | (high << 4));
            fifths |= ((uint)low >> 4 << i) | ((uint)high >> 4 << (i + 16));
        }

        return fifths;
    }
}
