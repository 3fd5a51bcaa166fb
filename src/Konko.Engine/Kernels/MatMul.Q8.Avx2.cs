using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Konko.Engine.Kernels;

/// <summary>Eight-bit panels by 256-bit dot products of bytes, with VNNI where there is one: 16 rows × 1, 2 or 4 tokens.</summary>
/// <remarks>
/// Weights are unsigned (biased by 128) as the instruction wants them; 128 · Σq is taken off in int32. Without VNNI the
/// byte is cut into two nibbles, w + 128 = 16h + l, so that no int16 sum can saturate.
/// </remarks>
internal static unsafe class MatMulQ8Avx2
{
    /// <inheritdoc cref="MatMul.PanelKernel"/>
    public static void Run<TTile, TFormat>(byte* quants, byte* scales, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TFormat : struct, IQ8Format
    {
        if (AvxVnni.IsSupported) Cut<TTile, TFormat, Yes>(quants, scales, columns, x, records, y, stride, accumulate);
        else Cut<TTile, TFormat, No>(quants, scales, columns, x, records, y, stride, accumulate);
    }

    /// <summary>The same on machines without VNNI; apart, so that tests reach it on machines that have it.</summary>
    public static void RunWithoutVnni<TTile, TFormat>(byte* quants, byte* scales, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TFormat : struct, IQ8Format
        => Cut<TTile, TFormat, No>(quants, scales, columns, x, records, y, stride, accumulate);

    /// <summary>Eight tokens are twice four: more accumulators would spill.</summary>
    private static void Cut<TTile, TFormat, TVnni>(byte* quants, byte* scales, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TFormat : struct, IQ8Format
        where TVnni : struct, IFlag
    {
        if (TTile.Tokens < 8)
        {
            Panel<TTile, TFormat, TVnni>(quants, scales, columns, x, records, y, stride, accumulate);
            return;
        }

        Panel<Tile4, TFormat, TVnni>(quants, scales, columns, x, records, y, stride, accumulate);
        Panel<Tile4, TFormat, TVnni>(quants, scales, columns, x + 4 * 32, records + 4, y + 4 * stride, stride, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Panel<TTile, TFormat, TVnni>(byte* quants, byte* scales, int columns, sbyte* x, float* records, float* y, nint stride, bool accumulate)
        where TTile : struct, ITile
        where TFormat : struct, IQ8Format
        where TVnni : struct, IFlag
    {
        Vector512<float> f0 = default, f1 = default, f2 = default, f3 = default;
        for (int block = 0; block < columns / 32; block++)
        {
            Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default;
            Vector256<int> b0 = default, b1 = default, b2 = default, b3 = default;
            Vector256<int> g0 = default, g1 = default, g2 = default, g3 = default;
            Vector256<int> h0 = default, h1 = default, h2 = default, h3 = default;
            for (int chunk = 0; chunk < 8; chunk++)
            {
                if (TFormat.Super && chunk == 4)
                {
                    (g0, h0, a0, b0) = (a0, b0, default, default);
                    if (TTile.Tokens > 1) (g1, h1, a1, b1) = (a1, b1, default, default);
                    if (TTile.Tokens > 2) (g2, h2, a2, b2) = (a2, b2, default, default);
                    if (TTile.Tokens > 2) (g3, h3, a3, b3) = (a3, b3, default, default);
                }

                Vector256<byte> upper = Vector256.LoadAligned(quants + chunk * 64);
                Vector256<byte> lower = Vector256.LoadAligned(quants + chunk * 64 + 32);
                int* at = (int*)(x + chunk * 4);
                Vector256<sbyte> v = Vector256.Create(at[0]).AsSByte();
                a0 = Dot<TVnni>(a0, upper, v);
                b0 = Dot<TVnni>(b0, lower, v);
                if (TTile.Tokens > 1)
                {
                    v = Vector256.Create(at[8]).AsSByte();
                    a1 = Dot<TVnni>(a1, upper, v);
                    b1 = Dot<TVnni>(b1, lower, v);
                }

                if (TTile.Tokens > 2)
                {
                    v = Vector256.Create(at[16]).AsSByte();
                    a2 = Dot<TVnni>(a2, upper, v);
                    b2 = Dot<TVnni>(b2, lower, v);
                    v = Vector256.Create(at[24]).AsSByte();
                    a3 = Dot<TVnni>(a3, upper, v);
                    b3 = Dot<TVnni>(b3, lower, v);
                }
            }

            BlockScales joined = BlockScales.Read<TFormat>(scales, block);
            f0 = joined.Join<TFormat>(f0, Vector512.Create(g0, h0), Vector512.Create(a0, b0), records);
            if (TTile.Tokens > 1) f1 = joined.Join<TFormat>(f1, Vector512.Create(g1, h1), Vector512.Create(a1, b1), records + 1);
            if (TTile.Tokens > 2) f2 = joined.Join<TFormat>(f2, Vector512.Create(g2, h2), Vector512.Create(a2, b2), records + 2);
            if (TTile.Tokens > 2) f3 = joined.Join<TFormat>(f3, Vector512.Create(g3, h3), Vector512.Create(a3, b3), records + 3);
            quants += 512;
            x += 32 * Activations.TileTokens;
            records += Activations.RecordWords;
        }

        MatMul.Store(f0, y, accumulate);
        if (TTile.Tokens > 1) MatMul.Store(f1, y + stride, accumulate);
        if (TTile.Tokens > 2) MatMul.Store(f2, y + 2 * stride, accumulate);
        if (TTile.Tokens > 2) MatMul.Store(f3, y + 3 * stride, accumulate);
    }

    /// <summary>Adds four products to each lane, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Dot<TVnni>(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> x)
        where TVnni : struct, IFlag
    {
        if (TVnni.Value) return AvxVnni.MultiplyWideningAndAdd(sum, weights, x);
        Vector256<byte> low = Vector256.Create((byte)0x0F);
        Vector256<byte> high = Vector256.ShiftRightLogical(weights.AsUInt16(), 4).AsByte() & low;
        Vector256<short> ones = Vector256.Create((short)1);
        Vector256<int> l = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(weights & low, x), ones);
        Vector256<int> h = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(high, x), ones);
        return sum + l + Vector256.ShiftLeft(h, 4);
    }
}
