using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Konko.Engine.Kernels;

/// <summary>Four-bit panels by 256-bit multiply-adds of bytes: half a panel (8 rows) × 1, 2 or 4 tokens at a time.</summary>
/// <remarks>As <see cref="MatMulQ4Avx512"/>, with 16 registers: more than 4 tokens would spill.</remarks>
internal static unsafe class MatMulQ4Avx2
{
    /// <inheritdoc cref="MatMul.PanelKernel"/>
    [SkipLocalsInit]
    public static void Run<TTile, TFormat>(byte* quants, byte* scales, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TFormat : struct, IQ4Format
    {
        if (TTile.Tokens == 8)
        {
            Run<Tile4, TFormat>(quants, scales, columns, x, records, y, stride, accumulate);
            Run<Tile4, TFormat>(quants, scales, columns, x + 4 * 32, records + 4, y + 4 * stride, stride, accumulate);
            return;
        }

        Half<TTile, TFormat>(quants, scales, 0, columns, x, records, y, stride, accumulate);
        Half<TTile, TFormat>(quants + 32, scales, 8, columns, x, records, y + 8, stride, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Half<TTile, TFormat>(byte* quants, byte* scales, int row, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TFormat : struct, IQ4Format
    {
        Vector256<float> f0 = default, f1 = default, f2 = default, f3 = default;
        Vector256<byte> low = Vector256.Create((byte)0x0F);
        Vector256<short> factors = Vector256.Create((short)1);
        for (int block = 0; block < columns / 32; block++)
        {
            Vector256<short> s0 = default, s1 = default, s2 = default, s3 = default;
            for (int chunk = 0; chunk < 4; chunk++)
            {
                Vector256<byte> packed = Vector256.LoadAligned(quants + chunk * 64);
                Vector256<byte> lo = packed & low;
                Vector256<byte> hi = Vector256.ShiftRightLogical(packed.AsUInt16(), 4).AsByte() & low;
                int* at = (int*)(x + chunk * 8);
                s0 += Avx2.MultiplyAddAdjacent(lo, Vector256.Create(at[0]).AsSByte());
                if (TTile.Tokens > 1) s1 += Avx2.MultiplyAddAdjacent(lo, Vector256.Create(at[8]).AsSByte());
                if (TTile.Tokens > 2) s2 += Avx2.MultiplyAddAdjacent(lo, Vector256.Create(at[16]).AsSByte());
                if (TTile.Tokens > 2) s3 += Avx2.MultiplyAddAdjacent(lo, Vector256.Create(at[24]).AsSByte());
                s0 += Avx2.MultiplyAddAdjacent(hi, Vector256.Create(at[1]).AsSByte());
                if (TTile.Tokens > 1) s1 += Avx2.MultiplyAddAdjacent(hi, Vector256.Create(at[9]).AsSByte());
                if (TTile.Tokens > 2) s2 += Avx2.MultiplyAddAdjacent(hi, Vector256.Create(at[17]).AsSByte());
                if (TTile.Tokens > 2) s3 += Avx2.MultiplyAddAdjacent(hi, Vector256.Create(at[25]).AsSByte());
            }

            Vector256<float> d = ExpandHalves(scales + row * 2), m = default;
            if (TFormat.Super)
            {
                byte* sub = scales + 64 + (block & 7) * 32 + row;
                Vector256<int> factor = Avx2.ConvertToVector256Int32(sub);
                factors = (factor | Vector256.ShiftLeft(factor, 16)).AsInt16();
                m = -ExpandHalves(scales + 32 + row * 2) * Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(sub + 16));
                if ((block & 7) == 7) scales += TFormat.ScaleBytes;
            }
            else
            {
                if (!TFormat.Zero) m = ExpandHalves(scales + 32 + row * 2);
                scales += TFormat.ScaleBytes;
            }

            f0 = Join<TFormat>(f0, Avx2.MultiplyAddAdjacent(s0, factors), d, m, records);
            if (TTile.Tokens > 1) f1 = Join<TFormat>(f1, Avx2.MultiplyAddAdjacent(s1, factors), d, m, records + 1);
            if (TTile.Tokens > 2) f2 = Join<TFormat>(f2, Avx2.MultiplyAddAdjacent(s2, factors), d, m, records + 2);
            if (TTile.Tokens > 2) f3 = Join<TFormat>(f3, Avx2.MultiplyAddAdjacent(s3, factors), d, m, records + 3);
            quants += 256;
            x += 32 * Activations.TileTokens;
            records += Activations.RecordWords;
        }

        MatMul.Store(f0, y, accumulate);
        if (TTile.Tokens > 1) MatMul.Store(f1, y + stride, accumulate);
        if (TTile.Tokens > 2) MatMul.Store(f2, y + 2 * stride, accumulate);
        if (TTile.Tokens > 2) MatMul.Store(f3, y + 3 * stride, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Join<TFormat>(Vector256<float> sum, Vector256<int> dot, Vector256<float> d, Vector256<float> m, float* record)
        where TFormat : struct, IQ4Format
    {
        if (TFormat.Zero) dot -= Vector256.Create(((int*)record)[16] << 3);
        sum = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(dot), d * Vector256.Create(record[0]), sum);
        return TFormat.Zero ? sum : Vector256.FusedMultiplyAdd(m, Vector256.Create(record[8]), sum);
    }

    /// <summary>Eight halves to floats; see <see cref="MatMulQ4Avx512.ExpandHalves"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> ExpandHalves(byte* halves)
    {
        Vector256<int> bits = Avx2.ConvertToVector256Int32(Vector128.LoadAligned((ushort*)halves));
        Vector256<int> magnitude = Vector256.ShiftLeft(bits & Vector256.Create(0x7FFF), 13);
        Vector256<int> sign = Vector256.ShiftLeft(bits & Vector256.Create(0x8000), 16);
        return ((magnitude.AsSingle() * Vector256.Create(5.192297E+33f)).AsInt32() | sign).AsSingle();
    }
}
