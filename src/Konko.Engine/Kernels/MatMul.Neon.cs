using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Konko.Engine.Kernels;

/// <summary>Quantised panels on Arm64 by signed dot products of bytes: a quarter of a panel (4 rows) × 1 … 8 tokens at a time.</summary>
/// <remarks>Quants of up to six bits are signed bytes as they are; wider ones lose their bias of 128 by one exclusive or.</remarks>
internal static unsafe class MatMulNeon
{
    private const int Lanes = 4;

    /// <inheritdoc cref="MatMul.PanelKernel"/>
    public static void Run<TFormat>(byte* quants, float* scales, int columns, sbyte* x, float* records, int tokens, float* y, nint stride, bool accumulate)
        where TFormat : struct, IPanelFormat
    {
        for (int quarter = 0; quarter < 4; quarter++)
            QuarterPanel<TFormat>(quants + quarter * 16, scales + quarter * Lanes, columns, x, records, tokens, y + quarter * Lanes, stride, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void QuarterPanel<TFormat>(byte* quants, float* scales, int columns, sbyte* x, float* records, int tokens, float* y, nint stride, bool accumulate)
        where TFormat : struct, IPanelFormat
    {
        float* sums = stackalloc float[Activations.TileTokens * Lanes];
        float* endOfSums = sums + tokens * Lanes;
        for (float* sum = sums; sum < endOfSums; sum += Lanes) Vector128<float>.Zero.Store(sum);
        for (int block = 0; block < columns / PanelFormats.Block; block++)
        {
            PanelScales.Load128<TFormat>(scales, out Vector128<float> d, out Vector128<float> m0, out Vector128<float> m1, out Vector128<int> s0, out Vector128<int> s1);
            Vector128<sbyte> q0 = Signed<TFormat>(quants, 0), q1 = Signed<TFormat>(quants, 1), q2 = Signed<TFormat>(quants, 2), q3 = Signed<TFormat>(quants, 3);
            Vector128<sbyte> q4 = Signed<TFormat>(quants, 4), q5 = Signed<TFormat>(quants, 5), q6 = Signed<TFormat>(quants, 6), q7 = Signed<TFormat>(quants, 7);
            sbyte* v = x;
            float* record = records;
            for (float* sum = sums; sum < endOfSums; sum += Lanes)
            {
                Token<TFormat>(Vector128.Load(sum), q0, q1, q2, q3, q4, q5, q6, q7, d, m0, m1, s0, s1, v, record).Store(sum);
                v += PanelFormats.Block;
                record++;
            }

            quants += PanelQuants.BlockBytes<TFormat>();
            scales += PanelScales.ExpandedWords<TFormat>();
            x += Activations.TileTokens * PanelFormats.Block;
            records += Activations.RecordWords;
        }

        for (float* sum = sums; sum < endOfSums; sum += Lanes)
        {
            MatMul.Store(Vector128.Load(sum), y, accumulate);
            y += stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> Signed<TFormat>(byte* quants, int group)
        where TFormat : struct, IPanelFormat
    {
        Vector128<byte> q = PanelQuants.Read128<TFormat>(quants, group);
        return (TFormat.Bias == 128 ? q ^ Vector128.Create((byte)0x80) : q).AsSByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Token<TFormat>(
        Vector128<float> sum,
        Vector128<sbyte> q0, Vector128<sbyte> q1, Vector128<sbyte> q2, Vector128<sbyte> q3, Vector128<sbyte> q4, Vector128<sbyte> q5, Vector128<sbyte> q6, Vector128<sbyte> q7,
        Vector128<float> d, Vector128<float> m0, Vector128<float> m1, Vector128<int> s0, Vector128<int> s1, sbyte* x, float* record)
        where TFormat : struct, IPanelFormat
    {
        Vector128<sbyte> a = Vector128.LoadAligned(x), b = Vector128.LoadAligned(x + 16);
        Vector128<int> first = default, second = default;
        first = Dp.DotProductBySelectedQuadruplet(first, q0, a, 0);
        first = Dp.DotProductBySelectedQuadruplet(first, q1, a, 1);
        first = Dp.DotProductBySelectedQuadruplet(first, q2, a, 2);
        first = Dp.DotProductBySelectedQuadruplet(first, q3, a, 3);
        second = Dp.DotProductBySelectedQuadruplet(second, q4, b, 0);
        second = Dp.DotProductBySelectedQuadruplet(second, q5, b, 1);
        second = Dp.DotProductBySelectedQuadruplet(second, q6, b, 2);
        second = Dp.DotProductBySelectedQuadruplet(second, q7, b, 3);
        (int sum0, int sum1) = TFormat.Bias is not 0 and not 128 || (TFormat.Min && TFormat.Sub == 16) ? Activations.Halves(record) : default;
        if (TFormat.Bias is not 0 and not 128)
        {
            first -= Vector128.Create(TFormat.Bias * sum0);
            second -= Vector128.Create(TFormat.Bias * sum1);
        }

        Vector128<int> dot = TFormat.Sub == 0 ? first + second : first * s0 + second * s1;
        sum = Vector128.FusedMultiplyAdd(Vector128.ConvertToSingle(dot), d * Vector128.Create(record[0]), sum);
        if (!TFormat.Min) return sum;
        if (TFormat.Sub != 16) return Vector128.FusedMultiplyAdd(m0, Vector128.Create(record[Activations.ScaledSums]), sum);
        sum = Vector128.FusedMultiplyAdd(m0, Vector128.Create(record[0] * sum0), sum);
        return Vector128.FusedMultiplyAdd(m1, Vector128.Create(record[0] * sum1), sum);
    }
}
