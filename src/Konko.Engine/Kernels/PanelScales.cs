using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Konko.Engine.Gguf.Quants;
using Konko.Engine.Numerics;

namespace Konko.Engine.Kernels;

/// <summary>The scales of a panel: as small as the file has them, and expanded for kernels that use them for many tokens.</summary>
/// <remarks>
/// Packed, for each block of 32 columns: 16 halves d (or 16 exponents), then 16 halves m where there are minima. With
/// integer scales, for each 256 columns: 16 halves d, 16 halves e where there are minima, then for each of eight blocks
/// 16 s (and 16 t) a block, or 2 × 16 s a block; Q2_K keeps s and t as the nibbles of one byte.
/// Expanded, for each block, [vector][16 rows]: d; the minima; the integer scales as pairs of int16; what the quants' bias
/// costs, as pairs of int16 to be multiplied with the sums of the two halves of the activations.
/// </remarks>
internal static unsafe class PanelScales
{
    /// <summary>Packed bytes of 256 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SuperBytes<TFormat>()
        where TFormat : struct, IPanelFormat
        => TFormat.Sub == 0 ? 8 * BlockBytes<TFormat>() : HeadBytes<TFormat>() + 8 * BlockBytes<TFormat>();

    /// <summary>Expanded floats of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ExpandedWords<TFormat>()
        where TFormat : struct, IPanelFormat
        => 16 * (1 + (TFormat.Min ? TFormat.Sub == 16 ? 2 : 1 : 0) + (TFormat.Sub == 0 ? 0 : TFormat.Sub == 16 ? 2 : 1) + (HasBias<TFormat>() ? 1 : 0));

    /// <summary>Most floats that any format's scales of so many columns expand to.</summary>
    public static long MostExpandedWords(int columns) => (columns + 31L) / 32 * 16 * 5;

    /// <summary>Whether the bias is worked off by its own vector; a plain scale's is the same for every block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasBias<TFormat>()
        where TFormat : struct, IPanelFormat => TFormat.Bias != 0 && TFormat.Sub != 0;

    /// <summary>Packed scales of a block.</summary>
    /// <param name="scales">The panel's scales.</param>
    /// <param name="block">The block.</param>
    /// <param name="d">The scale.</param>
    /// <param name="m0">What the sum of the activations (of the first 16) is multiplied with.</param>
    /// <param name="m1">The same of the second 16.</param>
    /// <param name="f0">The integer scale (of the first 16), twice in each lane.</param>
    /// <param name="f1">The same of the second 16.</param>
    /// <param name="b">Bias · integer scale, of both halves.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read<TFormat>(
        byte* scales, int block, out Vector512<float> d, out Vector512<float> m0, out Vector512<float> m1, out Vector512<short> f0, out Vector512<short> f1, out Vector512<short> b)
        where TFormat : struct, IPanelFormat
    {
        m0 = m1 = default;
        f0 = f1 = Vector512.Create((short)1);
        b = Vector512.Create((short)TFormat.Bias);
        if (TFormat.Sub == 0)
        {
            scales += block * BlockBytes<TFormat>();
            d = TFormat.Bits == QuantBits.Mxfp ? Powers(scales) : Halves(scales);
            if (TFormat.Min) m0 = Halves(scales + 32);
            return;
        }

        scales += (block >> 3) * SuperBytes<TFormat>();
        d = Halves(scales);
        byte* at = scales + HeadBytes<TFormat>() + (block & 7) * BlockBytes<TFormat>();
        Vector512<float> e = TFormat.Min ? -Halves(scales + 32) : default;
        if (TFormat.Bits == QuantBits.Two)
        {
            Vector512<int> low = Vector512.Create(15), x = Bytes(at), y = Bytes(at + 16);
            f0 = Twice(x & low);
            f1 = Twice(y & low);
            m0 = e * Vector512.ConvertToSingle(Vector512.ShiftRightLogical(x, 4) & low);
            m1 = e * Vector512.ConvertToSingle(Vector512.ShiftRightLogical(y, 4) & low);
            return;
        }

        Vector512<int> first = Bytes(at), second = TFormat.Sub == 16 ? Bytes(at + 16) : first;
        f0 = Twice(first);
        f1 = Twice(second);
        if (TFormat.Min) m0 = e * Vector512.ConvertToSingle(Bytes(at + 16));
        if (TFormat.Bias != 0) b = Pair(first * TFormat.Bias, second * TFormat.Bias);
    }

    /// <summary>One row's scales of a block, by the definition of the format.</summary>
    /// <param name="scales">The panel's scales.</param>
    /// <param name="block">The block.</param>
    /// <param name="row">0 … 15.</param>
    /// <param name="d">The scale.</param>
    /// <param name="m0">What the sum of the activations (of the first 16) is multiplied with.</param>
    /// <param name="m1">The same of the second 16.</param>
    /// <param name="s0">The integer scale (of the first 16), or 1.</param>
    /// <param name="s1">The same of the second 16.</param>
    public static void ReadRow<TFormat>(byte* scales, int block, int row, out float d, out float m0, out float m1, out int s0, out int s1)
        where TFormat : struct, IPanelFormat
    {
        m0 = m1 = 0;
        s0 = s1 = 1;
        scales += (TFormat.Sub == 0 ? block : block >> 3) * (TFormat.Sub == 0 ? BlockBytes<TFormat>() : SuperBytes<TFormat>());
        ushort* halves = (ushort*)scales + row;
        d = TFormat.Bits == QuantBits.Mxfp ? BlocksCodebook.HalfPowerOfTwo(scales[row]) : FloatFormats.ExpandHalf(halves[0]);
        if (TFormat.Min) m0 = m1 = FloatFormats.ExpandHalf(halves[16]);
        if (TFormat.Sub == 0) return;
        sbyte* at = (sbyte*)scales + HeadBytes<TFormat>() + (block & 7) * BlockBytes<TFormat>() + row;
        bool nibbles = TFormat.Bits == QuantBits.Two;
        s0 = nibbles ? at[0] & 15 : at[0];
        s1 = TFormat.Sub == 32 ? s0 : nibbles ? at[16] & 15 : at[16];
        if (!TFormat.Min) return;
        m0 = -m0 * (nibbles ? at[0] >> 4 & 15 : at[16]);
        m1 = -m1 * (nibbles ? at[16] >> 4 & 15 : at[16]);
    }

    /// <summary>Expands a panel's scales.</summary>
    /// <param name="scales">The panel's scales.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="to">64-byte aligned, <see cref="ExpandedWords"/> for each block.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Expand<TFormat>(byte* scales, int columns, float* to)
        where TFormat : struct, IPanelFormat
    {
        for (int block = 0; block < columns / PanelFormats.Block; block++)
        {
            Read<TFormat>(scales, block, out Vector512<float> d, out Vector512<float> m0, out Vector512<float> m1, out Vector512<short> f0, out Vector512<short> f1, out Vector512<short> b);
            Put(d, ref to);
            if (TFormat.Min) Put(m0, ref to);
            if (TFormat.Min && TFormat.Sub == 16) Put(m1, ref to);
            if (TFormat.Sub != 0) Put(f0.AsSingle(), ref to);
            if (TFormat.Sub == 16) Put(f1.AsSingle(), ref to);
            if (HasBias<TFormat>()) Put(b.AsSingle(), ref to);
        }
    }

    /// <summary>Expanded scales of a block, eight rows; what <see cref="Read"/> gives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load256<TFormat>(
        float* at, out Vector256<float> d, out Vector256<float> m0, out Vector256<float> m1, out Vector256<short> f0, out Vector256<short> f1, out Vector256<short> b)
        where TFormat : struct, IPanelFormat
    {
        d = Vector256.LoadAligned(at);
        m0 = TFormat.Min ? Vector256.LoadAligned(at + Min0) : default;
        m1 = TFormat.Min && TFormat.Sub == 16 ? Vector256.LoadAligned(at + Min1) : default;
        f0 = TFormat.Sub != 0 ? Vector256.LoadAligned(at + Factor0<TFormat>()).AsInt16() : Vector256.Create((short)1);
        f1 = TFormat.Sub == 16 ? Vector256.LoadAligned(at + Factor0<TFormat>() + 16).AsInt16() : f0;
        b = HasBias<TFormat>() ? Vector256.LoadAligned(at + Bias<TFormat>()).AsInt16() : Vector256.Create((short)TFormat.Bias);
    }

    /// <summary>The same for four rows; integer scales as int32, and what the bias costs for each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load128<TFormat>(
        float* at, out Vector128<float> d, out Vector128<float> m0, out Vector128<float> m1, out Vector128<int> f0, out Vector128<int> f1)
        where TFormat : struct, IPanelFormat
    {
        d = Vector128.LoadAligned(at);
        m0 = TFormat.Min ? Vector128.LoadAligned(at + Min0) : default;
        m1 = TFormat.Min && TFormat.Sub == 16 ? Vector128.LoadAligned(at + Min1) : default;
        f0 = TFormat.Sub != 0 ? Vector128.ShiftRightArithmetic(Vector128.LoadAligned(at + Factor0<TFormat>()).AsInt32(), 16) : Vector128.Create(1);
        f1 = TFormat.Sub == 16 ? Vector128.ShiftRightArithmetic(Vector128.LoadAligned(at + Factor0<TFormat>() + 16).AsInt32(), 16) : f0;
    }

    /// <summary>Sixteen halves to floats: moved into place, rescaled by 2^112. Finite values only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Halves(byte* halves)
    {
        if (!Avx512F.IsSupported) return FloatFormats.ExpandHalf(Vector256.LoadAligned((ushort*)halves));
        // With its sign extended, one shift puts all parts in their places; three more copies of the sign stand above the exponent.
        Vector512<int> bits = Vector512.ShiftLeft(Avx512F.ConvertToVector512Int32(Vector256.LoadAligned((short*)halves)), 13);
        return (bits & Vector512.Create(unchecked((int)0x8FFF_E000))).AsSingle() * Vector512.Create(5.192297E+33f);
    }

    private const int Min0 = 16;
    private const int Min1 = 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Factor0<TFormat>()
        where TFormat : struct, IPanelFormat => 16 * (1 + (TFormat.Min ? TFormat.Sub == 16 ? 2 : 1 : 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bias<TFormat>()
        where TFormat : struct, IPanelFormat => Factor0<TFormat>() + (TFormat.Sub == 16 ? 32 : 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int HeadBytes<TFormat>()
        where TFormat : struct, IPanelFormat => TFormat.Min ? 64 : 32;

    /// <summary>Packed bytes of a block beside the 256's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int BlockBytes<TFormat>()
        where TFormat : struct, IPanelFormat
        => TFormat.Sub == 16 ? 32 : TFormat.Sub == 32 ? TFormat.Min ? 32 : 16 : TFormat.Bits == QuantBits.Mxfp ? 16 : HeadBytes<TFormat>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector512<float> vector, ref float* to)
    {
        vector.StoreAligned(to);
        to += 16;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Bytes(byte* at)
    {
        if (Avx512F.IsSupported) return Avx512F.ConvertToVector512Int32(Vector128.LoadAligned((sbyte*)at));
        (Vector128<short> lower, Vector128<short> upper) = Vector128.Widen(Vector128.LoadAligned((sbyte*)at));
        (Vector256<int> first, Vector256<int> second) = Vector256.Widen(Vector256.Create(lower, upper));
        return Vector512.Create(first, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Twice(Vector512<int> factor) => Pair(factor, factor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Pair(Vector512<int> low, Vector512<int> high) => (low & Vector512.Create(0xFFFF) | Vector512.ShiftLeft(high, 16)).AsInt16();

    /// <summary>2^(e − 128) of sixteen exponents, as <see cref="BlocksCodebook.HalfPowerOfTwo"/> has it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Powers(byte* at)
    {
        Vector512<int> e = Bytes(at) & Vector512.Create(0xFF);
        Vector512<int> subnormal = Vector512.Create(0x0020_0000) + Vector512.Create(0x0020_0000) * e;
        return Vector512.ConditionalSelect(Vector512.LessThan(e, Vector512.Create(2)), subnormal, Vector512.ShiftLeft(e - Vector512<int>.One, 23)).AsSingle();
    }
}
