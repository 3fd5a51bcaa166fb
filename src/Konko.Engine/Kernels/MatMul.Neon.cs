using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using Konko.Engine.Gguf.Quants;

namespace Konko.Engine.Kernels;

/// <summary>Panels on Arm64 by signed dot products of bytes: a quarter of a panel (4 rows) × 1, 2 or 4 tokens at a time.</summary>
/// <remarks>Nibbles are signed bytes as they are; eight-bit weights lose their bias by one exclusive or.</remarks>
internal static unsafe class MatMulNeon
{
    /// <summary>Four-bit panels. <inheritdoc cref="MatMul.PanelKernel" path="/summary"/></summary>
    [SkipLocalsInit]
    public static void Q4<TTile, TFormat>(byte* quants, byte* scales, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TFormat : struct, IQ4Format
    {
        if (TTile.Tokens == 8)
        {
            Q4<Tile4, TFormat>(quants, scales, columns, x, records, y, stride, accumulate);
            Q4<Tile4, TFormat>(quants, scales, columns, x + 4 * 32, records + 4, y + 4 * stride, stride, accumulate);
            return;
        }

        for (int quarter = 0; quarter < 4; quarter++)
            Q4Rows<TTile, TFormat>(quants + quarter * 16, scales, quarter * 4, columns, x, records, y + quarter * 4, stride, accumulate);
    }

    /// <summary>Eight-bit panels. <inheritdoc cref="MatMul.PanelKernel" path="/summary"/></summary>
    [SkipLocalsInit]
    public static void Q8<TTile, TFormat>(byte* quants, byte* scales, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TFormat : struct, IQ8Format
    {
        if (TTile.Tokens == 8)
        {
            Q8<Tile4, TFormat>(quants, scales, columns, x, records, y, stride, accumulate);
            Q8<Tile4, TFormat>(quants, scales, columns, x + 4 * 32, records + 4, y + 4 * stride, stride, accumulate);
            return;
        }

        for (int quarter = 0; quarter < 4; quarter++)
            Q8Rows<TTile, TFormat>(quants + quarter * 16, scales, quarter * 4, columns, x, records, y + quarter * 4, stride, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Q4Rows<TTile, TFormat>(byte* quants, byte* scales, int row, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TFormat : struct, IQ4Format
    {
        Vector128<float> f0 = default, f1 = default, f2 = default, f3 = default;
        Vector128<byte> low = Vector128.Create((byte)0x0F);
        for (int block = 0; block < columns / 32; block++)
        {
            Vector128<int> s0 = default, s1 = default, s2 = default, s3 = default;
            for (int chunk = 0; chunk < 4; chunk++)
            {
                Vector128<byte> packed = Vector128.LoadAligned(quants + chunk * 64);
                Vector128<sbyte> lo = (packed & low).AsSByte();
                Vector128<sbyte> hi = Vector128.ShiftRightLogical(packed, 4).AsSByte();
                int* at = (int*)(x + chunk * 8);
                s0 = Dot(Dot(s0, lo, at[0]), hi, at[1]);
                if (TTile.Tokens > 1) s1 = Dot(Dot(s1, lo, at[8]), hi, at[9]);
                if (TTile.Tokens > 2) s2 = Dot(Dot(s2, lo, at[16]), hi, at[17]);
                if (TTile.Tokens > 2) s3 = Dot(Dot(s3, lo, at[24]), hi, at[25]);
            }

            Vector128<float> d = ExpandHalves(scales + row * 2), m = default;
            if (TFormat.Super)
            {
                byte* sub = scales + 64 + (block & 7) * 32 + row;
                Vector128<int> factor = Vector128.Create(sub[0], sub[1], sub[2], sub[3]);
                s0 *= factor;
                s1 *= factor;
                s2 *= factor;
                s3 *= factor;
                m = -ExpandHalves(scales + 32 + row * 2) * Vector128.ConvertToSingle(Vector128.Create(sub[16], sub[17], sub[18], (int)sub[19]));
                if ((block & 7) == 7) scales += TFormat.ScaleBytes;
            }
            else
            {
                if (!TFormat.Zero) m = ExpandHalves(scales + 32 + row * 2);
                scales += TFormat.ScaleBytes;
            }

            f0 = JoinQ4<TFormat>(f0, s0, d, m, records);
            if (TTile.Tokens > 1) f1 = JoinQ4<TFormat>(f1, s1, d, m, records + 1);
            if (TTile.Tokens > 2) f2 = JoinQ4<TFormat>(f2, s2, d, m, records + 2);
            if (TTile.Tokens > 2) f3 = JoinQ4<TFormat>(f3, s3, d, m, records + 3);
            quants += 256;
            x += 32 * Activations.TileTokens;
            records += Activations.RecordWords;
        }

        StoreTile<TTile>(f0, f1, f2, f3, y, stride, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Q8Rows<TTile, TFormat>(byte* quants, byte* scales, int row, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TFormat : struct, IQ8Format
    {
        Vector128<float> f0 = default, f1 = default, f2 = default, f3 = default;
        for (int block = 0; block < columns / 32; block++)
        {
            byte* at0 = scales + (TFormat.Super ? block >> 3 : block) * TFormat.ScaleBytes;
            sbyte* sub = (sbyte*)at0 + (TFormat.Min ? 64 : 32) + (block & 7) * 32 + row;
            Vector128<float> d = TFormat.Exponent ? Powers(at0 + row) : ExpandHalves(at0 + row * 2);
            Vector128<float> m0 = default, m1 = default;
            if (TFormat.Min)
            {
                m0 = ExpandHalves(at0 + 32 + row * 2);
                if (TFormat.Super)
                {
                    m1 = -m0 * Vector128.ConvertToSingle(Four(sub + 272));
                    m0 = -m0 * Vector128.ConvertToSingle(Four(sub + 256));
                }
            }

            Vector128<int> s0 = default, s1 = default, s2 = default, s3 = default;
            for (int half = 0; half < 2; half++)
            {
                Vector128<int> h0 = default, h1 = default, h2 = default, h3 = default;
                for (int chunk = half * 4; chunk < half * 4 + 4; chunk++)
                {
                    Vector128<sbyte> w = (Vector128.LoadAligned(quants + chunk * 64) ^ Vector128.Create((byte)0x80)).AsSByte();
                    int* at = (int*)(x + chunk * 4);
                    h0 = Dot(h0, w, at[0]);
                    if (TTile.Tokens > 1) h1 = Dot(h1, w, at[8]);
                    if (TTile.Tokens > 2) h2 = Dot(h2, w, at[16]);
                    if (TTile.Tokens > 2) h3 = Dot(h3, w, at[24]);
                }

                if (TFormat.Super)
                {
                    Vector128<int> factor = Four(sub + half * 16);
                    h0 *= factor;
                    h1 *= factor;
                    h2 *= factor;
                    h3 *= factor;
                }

                s0 += h0;
                s1 += h1;
                s2 += h2;
                s3 += h3;
            }

            f0 = JoinQ8<TFormat>(f0, s0, d, m0, m1, records);
            if (TTile.Tokens > 1) f1 = JoinQ8<TFormat>(f1, s1, d, m0, m1, records + 1);
            if (TTile.Tokens > 2) f2 = JoinQ8<TFormat>(f2, s2, d, m0, m1, records + 2);
            if (TTile.Tokens > 2) f3 = JoinQ8<TFormat>(f3, s3, d, m0, m1, records + 3);
            quants += 512;
            x += 32 * Activations.TileTokens;
            records += Activations.RecordWords;
        }

        StoreTile<TTile>(f0, f1, f2, f3, y, stride, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Dot(Vector128<int> sum, Vector128<sbyte> weights, int x)
        => Dp.DotProduct(sum, weights, Vector128.Create(x).AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> JoinQ4<TFormat>(Vector128<float> sum, Vector128<int> dot, Vector128<float> d, Vector128<float> m, float* record)
        where TFormat : struct, IQ4Format
    {
        if (TFormat.Zero) dot -= Vector128.Create(((int*)record)[16] << 3);
        sum = Scale(sum, dot, d, record);
        return TFormat.Zero ? sum : Vector128.FusedMultiplyAdd(m, Vector128.Create(record[8]), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> JoinQ8<TFormat>(Vector128<float> sum, Vector128<int> dot, Vector128<float> d, Vector128<float> m0, Vector128<float> m1, float* record)
        where TFormat : struct, IQ8Format
    {
        sum = Scale(sum, dot, d, record);
        if (!TFormat.Min) return sum;
        if (!TFormat.Super) return Vector128.FusedMultiplyAdd(m0, Vector128.Create(record[8]), sum);
        sum = Vector128.FusedMultiplyAdd(m0, Vector128.Create(record[0] * ((int*)record)[24]), sum);
        return Vector128.FusedMultiplyAdd(m1, Vector128.Create(record[0] * ((int*)record)[32]), sum);
    }

    private static Vector128<int> Four(sbyte* at) => Vector128.Create(at[0], at[1], at[2], (int)at[3]);

    private static Vector128<float> Powers(byte* at) => Vector128.Create(
        BlocksCodebook.HalfPowerOfTwo(at[0]), BlocksCodebook.HalfPowerOfTwo(at[1]), BlocksCodebook.HalfPowerOfTwo(at[2]), BlocksCodebook.HalfPowerOfTwo(at[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Scale(Vector128<float> sum, Vector128<int> dot, Vector128<float> d, float* record)
        => Vector128.FusedMultiplyAdd(Vector128.ConvertToSingle(dot), d * Vector128.Create(record[0]), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreTile<TTile>(Vector128<float> f0, Vector128<float> f1, Vector128<float> f2, Vector128<float> f3, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
    {
        MatMul.Store(f0, y, accumulate);
        if (TTile.Tokens > 1) MatMul.Store(f1, y + stride, accumulate);
        if (TTile.Tokens > 2) MatMul.Store(f2, y + 2 * stride, accumulate);
        if (TTile.Tokens > 2) MatMul.Store(f3, y + 3 * stride, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ExpandHalves(byte* halves)
    {
        Vector128<int> bits = Vector128.WidenLower(Vector64.Load((ushort*)halves).ToVector128()).AsInt32();
        Vector128<int> magnitude = Vector128.ShiftLeft(bits & Vector128.Create(0x7FFF), 13);
        Vector128<int> sign = Vector128.ShiftLeft(bits & Vector128.Create(0x8000), 16);
        return ((magnitude.AsSingle() * Vector128.Create(5.192297E+33f)).AsInt32() | sign).AsSingle();
    }
}
