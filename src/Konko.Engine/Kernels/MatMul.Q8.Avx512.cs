using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Konko.Engine.Kernels;

/// <summary>Eight-bit panels by 512-bit multiply-adds of bytes, for machines that have those but no VNNI that .NET knows (Zen 4, Ice Lake).</summary>
/// <remarks>
/// A chunk of 64 bytes gives 4 columns of 16 rows. The biased weight (0 … 255) is two nibbles, and each takes a pass whose
/// int16 sums are exact for the 32 columns of a block: 8 · 2 · 15 · 127 = 30,480. The two come together in int32, the
/// upper one times 16, by the instruction that widens them. Eight tokens take 16 sums and 8 chains, 28 of 32 registers
/// with the weights; where scales change every 16 columns the products of the first half wait too, so that four fit.
/// </remarks>
internal static unsafe class MatMulQ8Avx512
{
    /// <inheritdoc cref="MatMul.PanelKernel"/>
    public static void Run<TTile, TFormat>(byte* quants, byte* scales, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TFormat : struct, IQ8Format
    {
        if (TTile.Tokens < 8 || !TFormat.Super)
        {
            Panel<TTile, TFormat>(quants, scales, columns, x, records, y, stride, accumulate);
            return;
        }

        Panel<Tile4, TFormat>(quants, scales, columns, x, records, y, stride, accumulate);
        Panel<Tile4, TFormat>(quants, scales, columns, x + 4 * 32, records + 4, y + 4 * stride, stride, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Panel<TTile, TFormat>(byte* quants, byte* scales, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TFormat : struct, IQ8Format
    {
        Vector512<float> f0 = default, f1 = default, f2 = default, f3 = default, f4 = default, f5 = default, f6 = default, f7 = default;
        Vector512<byte> mask = Vector512.Create((byte)0x0F);
        for (int block = 0; block < columns / 32; block++)
        {
            Vector512<short> l0 = default, l1 = default, l2 = default, l3 = default, l4 = default, l5 = default, l6 = default, l7 = default;
            Vector512<short> h0 = default, h1 = default, h2 = default, h3 = default, h4 = default, h5 = default, h6 = default, h7 = default;
            Vector512<int> g0 = default, g1 = default, g2 = default, g3 = default;
            for (int chunk = 0; chunk < 8; chunk++)
            {
                if (TFormat.Super && chunk == 4)
                {
                    (g0, l0, h0) = (Whole(l0, h0), default, default);
                    if (TTile.Tokens > 1) (g1, l1, h1) = (Whole(l1, h1), default, default);
                    if (TTile.Tokens > 2) (g2, l2, h2) = (Whole(l2, h2), default, default);
                    if (TTile.Tokens > 2) (g3, l3, h3) = (Whole(l3, h3), default, default);
                }

                Vector512<byte> biased = Vector512.LoadAligned(quants + chunk * 64);
                Vector512<byte> low = biased & mask;
                Vector512<byte> high = Vector512.ShiftRightLogical(biased.AsUInt16(), 4).AsByte() & mask;
                int* at = (int*)(x + chunk * 4);
                Vector512<sbyte> v = Vector512.Create(at[0]).AsSByte();
                l0 += Avx512BW.MultiplyAddAdjacent(low, v);
                h0 += Avx512BW.MultiplyAddAdjacent(high, v);
                if (TTile.Tokens > 1)
                {
                    v = Vector512.Create(at[8]).AsSByte();
                    l1 += Avx512BW.MultiplyAddAdjacent(low, v);
                    h1 += Avx512BW.MultiplyAddAdjacent(high, v);
                }

                if (TTile.Tokens > 2)
                {
                    v = Vector512.Create(at[16]).AsSByte();
                    l2 += Avx512BW.MultiplyAddAdjacent(low, v);
                    h2 += Avx512BW.MultiplyAddAdjacent(high, v);
                    v = Vector512.Create(at[24]).AsSByte();
                    l3 += Avx512BW.MultiplyAddAdjacent(low, v);
                    h3 += Avx512BW.MultiplyAddAdjacent(high, v);
                }

                if (TTile.Tokens > 4)
                {
                    v = Vector512.Create(at[32]).AsSByte();
                    l4 += Avx512BW.MultiplyAddAdjacent(low, v);
                    h4 += Avx512BW.MultiplyAddAdjacent(high, v);
                    v = Vector512.Create(at[40]).AsSByte();
                    l5 += Avx512BW.MultiplyAddAdjacent(low, v);
                    h5 += Avx512BW.MultiplyAddAdjacent(high, v);
                    v = Vector512.Create(at[48]).AsSByte();
                    l6 += Avx512BW.MultiplyAddAdjacent(low, v);
                    h6 += Avx512BW.MultiplyAddAdjacent(high, v);
                    v = Vector512.Create(at[56]).AsSByte();
                    l7 += Avx512BW.MultiplyAddAdjacent(low, v);
                    h7 += Avx512BW.MultiplyAddAdjacent(high, v);
                }
            }

            BlockScales joined = BlockScales.Read<TFormat>(scales, block);
            f0 = joined.Join<TFormat>(f0, g0, Whole(l0, h0), records);
            if (TTile.Tokens > 1) f1 = joined.Join<TFormat>(f1, g1, Whole(l1, h1), records + 1);
            if (TTile.Tokens > 2) f2 = joined.Join<TFormat>(f2, g2, Whole(l2, h2), records + 2);
            if (TTile.Tokens > 2) f3 = joined.Join<TFormat>(f3, g3, Whole(l3, h3), records + 3);
            if (TTile.Tokens > 4) f4 = joined.Join<TFormat>(f4, default, Whole(l4, h4), records + 4);
            if (TTile.Tokens > 4) f5 = joined.Join<TFormat>(f5, default, Whole(l5, h5), records + 5);
            if (TTile.Tokens > 4) f6 = joined.Join<TFormat>(f6, default, Whole(l6, h6), records + 6);
            if (TTile.Tokens > 4) f7 = joined.Join<TFormat>(f7, default, Whole(l7, h7), records + 7);
            quants += 512;
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

    /// <summary>Both passes' sums, 16 · high + low, as one int32 a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Whole(Vector512<short> low, Vector512<short> high)
        => Avx512BW.MultiplyAddAdjacent(low, Vector512.Create((short)1)) + Avx512BW.MultiplyAddAdjacent(high, Vector512.Create((short)16));
}
