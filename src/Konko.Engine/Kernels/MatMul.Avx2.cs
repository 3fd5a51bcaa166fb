using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Konko.Engine.Kernels;

/// <summary>Quantised panels on 256 bits, with VNNI where there is one: half a panel (8 rows) × 1 … 8 tokens at a time.</summary>
/// <remarks>The same as <see cref="MatMulAvx512"/> in half the lanes. With VNNI four products are summed in int32 at once, and bytes need not be cut.</remarks>
internal static unsafe class MatMulAvx2
{
    private const int Lanes = 8;

    /// <inheritdoc cref="MatMul.PanelKernel"/>
    public static void Run<TFormat>(byte* quants, float* scales, int columns, sbyte* x, float* records, int tokens, float* y, nint stride, bool accumulate)
        where TFormat : struct, IPanelFormat
    {
        if (AvxVnni.IsSupported) Halves<TFormat, Yes>(quants, scales, columns, x, records, tokens, y, stride, accumulate);
        else Halves<TFormat, No>(quants, scales, columns, x, records, tokens, y, stride, accumulate);
    }

    /// <summary>The same on machines without VNNI; apart, so that tests reach it on machines that have it.</summary>
    public static void RunWithoutVnni<TFormat>(byte* quants, float* scales, int columns, sbyte* x, float* records, int tokens, float* y, nint stride, bool accumulate)
        where TFormat : struct, IPanelFormat
        => Halves<TFormat, No>(quants, scales, columns, x, records, tokens, y, stride, accumulate);

    private static void Halves<TFormat, TVnni>(byte* quants, float* scales, int columns, sbyte* x, float* records, int tokens, float* y, nint stride, bool accumulate)
        where TFormat : struct, IPanelFormat
        where TVnni : struct, IFlag
    {
        HalfPanel<TFormat, TVnni>(quants, scales, columns, x, records, tokens, y, stride, accumulate);
        HalfPanel<TFormat, TVnni>(quants + 32, scales + Lanes, columns, x, records, tokens, y + Lanes, stride, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void HalfPanel<TFormat, TVnni>(byte* quants, float* scales, int columns, sbyte* x, float* records, int tokens, float* y, nint stride, bool accumulate)
        where TFormat : struct, IPanelFormat
        where TVnni : struct, IFlag
    {
        float* sums = stackalloc float[(Activations.TileTokens + 1) * Lanes];
        sums = (float*)(((nint)sums + 31) & ~31);
        for (int token = 0; token < tokens; token++) Vector256<float>.Zero.StoreAligned(sums + token * Lanes);
        float* endOfSums = sums + tokens * Lanes;
        for (int block = 0; block < columns / PanelFormats.Block; block++)
        {
            PanelScales.Load256<TFormat>(scales, out Vector256<float> d, out Vector256<float> m0, out Vector256<float> m1, out Vector256<short> s0, out Vector256<short> s1, out Vector256<short> b);
            Vector256<byte> q0 = PanelQuants.Read256<TFormat>(quants, 0), q1 = PanelQuants.Read256<TFormat>(quants, 1);
            Vector256<byte> q2 = PanelQuants.Read256<TFormat>(quants, 2), q3 = PanelQuants.Read256<TFormat>(quants, 3);
            Vector256<byte> q4 = PanelQuants.Read256<TFormat>(quants, 4), q5 = PanelQuants.Read256<TFormat>(quants, 5);
            Vector256<byte> q6 = PanelQuants.Read256<TFormat>(quants, 6), q7 = PanelQuants.Read256<TFormat>(quants, 7);
            int* v = (int*)x;
            float* record = records;
            for (float* sum = sums; sum < endOfSums; sum += Lanes)
            {
                Vector256<int> dot = Dot<TFormat, TVnni>(q0, q1, q2, q3, q4, q5, q6, q7, s0, s1, v);
                Join<TFormat>(Vector256.LoadAligned(sum), dot, d, m0, m1, b, record).StoreAligned(sum);
                v += PanelFormats.Block / sizeof(int);
                record++;
            }

            quants += PanelQuants.BlockBytes<TFormat>();
            scales += PanelScales.ExpandedWords<TFormat>();
            x += Activations.TileTokens * PanelFormats.Block;
            records += Activations.RecordWords;
        }

        for (float* sum = sums; sum < endOfSums; sum += Lanes)
        {
            MatMul.Store(Vector256.LoadAligned(sum), y, accumulate);
            y += stride;
        }
    }

    /// <summary>Σ s · q · x of a block, bias included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Dot<TFormat, TVnni>(
        Vector256<byte> q0, Vector256<byte> q1, Vector256<byte> q2, Vector256<byte> q3, Vector256<byte> q4, Vector256<byte> q5, Vector256<byte> q6, Vector256<byte> q7,
        Vector256<short> s0, Vector256<short> s1, int* x)
        where TFormat : struct, IPanelFormat
        where TVnni : struct, IFlag
    {
        if (TVnni.Value)
        {
            Vector256<int> first = Four(Four(default, q0, x[0], q1, x[1]), q2, x[2], q3, x[3]);
            if (TFormat.Sub != 16) return Scaled<TFormat>(Four(Four(first, q4, x[4], q5, x[5]), q6, x[6], q7, x[7]), s0);
            return Scaled<TFormat>(first, s0) + Scaled<TFormat>(Four(Four(default, q4, x[4], q5, x[5]), q6, x[6], q7, x[7]), s1);
        }

        if (PanelQuants.Saturates<TFormat>())
        {
            Vector256<short> low = Low(q0, x[0]) + Low(q1, x[1]) + (Low(q2, x[2]) + Low(q3, x[3])) + (Low(q4, x[4]) + Low(q5, x[5]) + (Low(q6, x[6]) + Low(q7, x[7])));
            Vector256<short> high = High(q0, x[0]) + High(q1, x[1]) + (High(q2, x[2]) + High(q3, x[3])) + (High(q4, x[4]) + High(q5, x[5]) + (High(q6, x[6]) + High(q7, x[7])));
            return Avx2.MultiplyAddAdjacent(low, s0) + Avx2.MultiplyAddAdjacent(high, Vector256.ShiftLeft(s0, 4));
        }

        Vector256<short> a = Product(q0, x[0]) + Product(q1, x[1]), c = Product(q2, x[2]) + Product(q3, x[3]);
        Vector256<short> e = Product(q4, x[4]) + Product(q5, x[5]), g = Product(q6, x[6]) + Product(q7, x[7]);
        if (PanelQuants.Exact<TFormat>() == 2)
            return Avx2.MultiplyAddAdjacent(a, s0) + Avx2.MultiplyAddAdjacent(c, s0) + (Avx2.MultiplyAddAdjacent(e, s1) + Avx2.MultiplyAddAdjacent(g, s1));
        if (PanelQuants.Exact<TFormat>() == 4 || TFormat.Sub == 16) return Avx2.MultiplyAddAdjacent(a + c, s0) + Avx2.MultiplyAddAdjacent(e + g, s1);
        return Avx2.MultiplyAddAdjacent(a + c + (e + g), s0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Join<TFormat>(Vector256<float> sum, Vector256<int> dot, Vector256<float> d, Vector256<float> m0, Vector256<float> m1, Vector256<short> b, float* record)
        where TFormat : struct, IPanelFormat
    {
        if (TFormat.Bias == 8 && TFormat.Sub == 0) dot -= Vector256.Create(((int*)record)[Activations.EightSums]);
        else if (TFormat.Bias != 0) dot -= Avx2.MultiplyAddAdjacent(Vector256.Create(((int*)record)[Activations.HalfSums]).AsInt16(), b);
        sum = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(dot), d * Vector256.Create(record[0]), sum);
        if (!TFormat.Min) return sum;
        if (TFormat.Sub != 16) return Vector256.FusedMultiplyAdd(m0, Vector256.Create(record[Activations.ScaledSums]), sum);
        (int first, int second) = Activations.Halves(record);
        sum = Vector256.FusedMultiplyAdd(m0, Vector256.Create(record[0] * first), sum);
        return Vector256.FusedMultiplyAdd(m1, Vector256.Create(record[0] * second), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Four(Vector256<int> sum, Vector256<byte> w, int x, Vector256<byte> v, int z)
        => AvxVnni.MultiplyWideningAndAdd(AvxVnni.MultiplyWideningAndAdd(sum, w, Vector256.Create(x).AsSByte()), v, Vector256.Create(z).AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Scaled<TFormat>(Vector256<int> dot, Vector256<short> factor)
        where TFormat : struct, IPanelFormat => TFormat.Sub == 0 ? dot : dot * Vector256.ShiftRightArithmetic(factor.AsInt32(), 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Product(Vector256<byte> q, int x) => Avx2.MultiplyAddAdjacent(q, Vector256.Create(x).AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Low(Vector256<byte> q, int x) => Product(q & Vector256.Create((byte)0x0F), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> High(Vector256<byte> q, int x) => Product(Vector256.ShiftRightLogical(q.AsUInt16(), 4).AsByte() & Vector256.Create((byte)0x0F), x);
}
