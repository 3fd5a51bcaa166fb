using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Konko.Engine.Kernels;

/// <summary>Four-bit panels by 512-bit multiply-adds of bytes: 16 rows × 1, 2, 4 or 8 tokens.</summary>
/// <remarks>
/// A chunk of 64 bytes gives 8 columns of 16 rows. Products of nibbles (0 … 15) and int8 (±127) are summed in int16,
/// which is exact for the eight pairs of a block of 32: 8 · 2 · 15 · 127 = 30,480. The block's sum goes to int32, is
/// corrected for the zero point (or multiplied with its integer scale, in the same instruction that widens it), converted once, and joins each row's chain of fused multiply-adds.
/// Every accumulator is a local on purpose: arrays or refs would live on the stack.
/// </remarks>
internal static unsafe class MatMulQ4Avx512
{
    /// <inheritdoc cref="MatMul.PanelKernel"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Run<TTile, TFormat>(byte* quants, byte* scales, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TFormat : struct, IQ4Format
    {
        Vector512<float> f0 = default, f1 = default, f2 = default, f3 = default, f4 = default, f5 = default, f6 = default, f7 = default;
        Vector512<byte> low = Vector512.Create((byte)0x0F);
        Vector512<short> factors = Vector512.Create((short)1);
        int block = 0;
        byte* end = quants + (nint)columns * (PanelFormats.Rows / 2);
        for (; quants < end; quants += 256)
        {
            Vector512<short> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            for (int chunk = 0; chunk < 4; chunk++)
            {
                Vector512<byte> packed = Vector512.LoadAligned(quants + chunk * 64);
                Vector512<byte> lo = packed & low;
                Vector512<byte> hi = Vector512.ShiftRightLogical(packed.AsUInt16(), 4).AsByte() & low;
                int* at = (int*)(x + chunk * 8);
                s0 += Avx512BW.MultiplyAddAdjacent(lo, Vector512.Create(at[0]).AsSByte());
                if (TTile.Tokens > 1) s1 += Avx512BW.MultiplyAddAdjacent(lo, Vector512.Create(at[8]).AsSByte());
                if (TTile.Tokens > 2) s2 += Avx512BW.MultiplyAddAdjacent(lo, Vector512.Create(at[16]).AsSByte());
                if (TTile.Tokens > 2) s3 += Avx512BW.MultiplyAddAdjacent(lo, Vector512.Create(at[24]).AsSByte());
                if (TTile.Tokens > 4) s4 += Avx512BW.MultiplyAddAdjacent(lo, Vector512.Create(at[32]).AsSByte());
                if (TTile.Tokens > 4) s5 += Avx512BW.MultiplyAddAdjacent(lo, Vector512.Create(at[40]).AsSByte());
                if (TTile.Tokens > 4) s6 += Avx512BW.MultiplyAddAdjacent(lo, Vector512.Create(at[48]).AsSByte());
                if (TTile.Tokens > 4) s7 += Avx512BW.MultiplyAddAdjacent(lo, Vector512.Create(at[56]).AsSByte());
                s0 += Avx512BW.MultiplyAddAdjacent(hi, Vector512.Create(at[1]).AsSByte());
                if (TTile.Tokens > 1) s1 += Avx512BW.MultiplyAddAdjacent(hi, Vector512.Create(at[9]).AsSByte());
                if (TTile.Tokens > 2) s2 += Avx512BW.MultiplyAddAdjacent(hi, Vector512.Create(at[17]).AsSByte());
                if (TTile.Tokens > 2) s3 += Avx512BW.MultiplyAddAdjacent(hi, Vector512.Create(at[25]).AsSByte());
                if (TTile.Tokens > 4) s4 += Avx512BW.MultiplyAddAdjacent(hi, Vector512.Create(at[33]).AsSByte());
                if (TTile.Tokens > 4) s5 += Avx512BW.MultiplyAddAdjacent(hi, Vector512.Create(at[41]).AsSByte());
                if (TTile.Tokens > 4) s6 += Avx512BW.MultiplyAddAdjacent(hi, Vector512.Create(at[49]).AsSByte());
                if (TTile.Tokens > 4) s7 += Avx512BW.MultiplyAddAdjacent(hi, Vector512.Create(at[57]).AsSByte());
            }

            Vector512<float> d = ExpandHalves(scales), m = default;
            if (TFormat.Super)
            {
                byte* sub = scales + 64 + block * 32;
                Vector512<int> factor = Avx512F.ConvertToVector512Int32(Vector128.LoadAligned(sub));
                factors = (factor | Vector512.ShiftLeft(factor, 16)).AsInt16();
                m = -ExpandHalves(scales + 32) * Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.LoadAligned(sub + 16)));
                block = (block + 1) & 7;
                if (block == 0) scales += TFormat.ScaleBytes;
            }
            else
            {
                if (!TFormat.Zero) m = ExpandHalves(scales + 32);
                scales += TFormat.ScaleBytes;
            }

            f0 = Join<TFormat>(f0, Avx512BW.MultiplyAddAdjacent(s0, factors), d, m, records);
            if (TTile.Tokens > 1) f1 = Join<TFormat>(f1, Avx512BW.MultiplyAddAdjacent(s1, factors), d, m, records + 1);
            if (TTile.Tokens > 2) f2 = Join<TFormat>(f2, Avx512BW.MultiplyAddAdjacent(s2, factors), d, m, records + 2);
            if (TTile.Tokens > 2) f3 = Join<TFormat>(f3, Avx512BW.MultiplyAddAdjacent(s3, factors), d, m, records + 3);
            if (TTile.Tokens > 4) f4 = Join<TFormat>(f4, Avx512BW.MultiplyAddAdjacent(s4, factors), d, m, records + 4);
            if (TTile.Tokens > 4) f5 = Join<TFormat>(f5, Avx512BW.MultiplyAddAdjacent(s5, factors), d, m, records + 5);
            if (TTile.Tokens > 4) f6 = Join<TFormat>(f6, Avx512BW.MultiplyAddAdjacent(s6, factors), d, m, records + 6);
            if (TTile.Tokens > 4) f7 = Join<TFormat>(f7, Avx512BW.MultiplyAddAdjacent(s7, factors), d, m, records + 7);
            x += 32 * Activations.TileTokens;
            records += Activations.RecordWords;
        }

        MatMul.Store(f0, y, accumulate);
        if (TTile.Tokens > 1) MatMul.Store(f1, y + stride, accumulate);
        if (TTile.Tokens > 2) MatMul.Store(f2, y + 2 * stride, accumulate);
        if (TTile.Tokens > 2) MatMul.Store(f3, y + 3 * stride, accumulate);
        if (TTile.Tokens > 4) MatMul.Store(f4, y + 4 * stride, accumulate);
        if (TTile.Tokens > 4) MatMul.Store(f5, y + 5 * stride, accumulate);
        if (TTile.Tokens > 4) MatMul.Store(f6, y + 6 * stride, accumulate);
        if (TTile.Tokens > 4) MatMul.Store(f7, y + 7 * stride, accumulate);
    }

    /// <summary>One block's integer sums into the rows' chains; <paramref name="record"/> is the token's column of the block's record.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Join<TFormat>(Vector512<float> sum, Vector512<int> dot, Vector512<float> d, Vector512<float> m, float* record)
        where TFormat : struct, IQ4Format
    {
        if (TFormat.Zero) dot -= Vector512.Create(((int*)record)[16] << 3);
        sum = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(dot), d * Vector512.Create(record[0]), sum);
        return TFormat.Zero ? sum : Vector512.FusedMultiplyAdd(m, Vector512.Create(record[8]), sum);
    }

    /// <summary>Sixteen halves to floats without F16C: exponent and mantissa moved into place, rescaled by 2^112, the sign put back. Finite values only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> ExpandHalves(byte* halves)
    {
        Vector512<int> bits = Avx512F.ConvertToVector512Int32(Vector256.LoadAligned((ushort*)halves));
        Vector512<int> magnitude = Vector512.ShiftLeft(bits & Vector512.Create(0x7FFF), 13);
        Vector512<int> sign = Vector512.ShiftLeft(bits & Vector512.Create(0x8000), 16);
        return ((magnitude.AsSingle() * Vector512.Create(5.192297E+33f)).AsInt32() | sign).AsSingle();
    }
}
