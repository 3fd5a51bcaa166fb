using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Konko.Engine.Numerics;

/// <summary>
/// Reductions in one fixed shape at every vector width. Element j goes to lane j mod 16, each lane is folded in
/// order, starting from the identity; then lanes i and i + 8 are joined, then i and i + 4, i and i + 2, i and i + 1.
/// A last, incomplete group of 16 is filled up with the identity.
/// </summary>
public static unsafe class Reduce
{
    /// <summary>Sum; 0 for nothing.</summary>
    /// <param name="values">Any number of values.</param>
    public static float Sum(ReadOnlySpan<float> values)
    {
        fixed (float* pointer = values) return Sum(pointer, values.Length);
    }

    /// <summary>Sum; 0 for nothing.</summary>
    /// <param name="values">The first value.</param>
    /// <param name="count">How many values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Sum(float* values, int count)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        int i = 0;
        for (; i + 16 <= count; i += 16) sum += Vector512.Load(values + i);
        if (i < count) sum += LoadTail(values + i, count - i, 0f);
        return SumLanes(sum);
    }

    /// <summary>Sum of squares, each lane a chain of fused multiply-adds; 0 for nothing.</summary>
    /// <param name="values">Any number of values.</param>
    public static float SumOfSquares(ReadOnlySpan<float> values)
    {
        fixed (float* pointer = values) return SumOfSquares(pointer, values.Length);
    }

    /// <summary>Sum of squares, each lane a chain of fused multiply-adds; 0 for nothing.</summary>
    /// <param name="values">The first value.</param>
    /// <param name="count">How many values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float SumOfSquares(float* values, int count)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        int i = 0;
        for (; i + 16 <= count; i += 16)
        {
            Vector512<float> x = Vector512.Load(values + i);
            sum = Vector512.FusedMultiplyAdd(x, x, sum);
        }

        if (i < count)
        {
            Vector512<float> x = LoadTail(values + i, count - i, 0f);
            sum = Vector512.FusedMultiplyAdd(x, x, sum);
        }

        return SumLanes(sum);
    }

    /// <summary>The greatest value, NaNs passed over, +0 where it is a zero; −∞ for nothing.</summary>
    /// <param name="values">Any number of values.</param>
    public static float Max(ReadOnlySpan<float> values)
    {
        fixed (float* pointer = values) return Max(pointer, values.Length);
    }

    /// <summary>The greatest value, NaNs passed over, +0 where it is a zero; −∞ for nothing.</summary>
    /// <param name="values">The first value.</param>
    /// <param name="count">How many values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(float* values, int count)
    {
        // The order is free here but for the sign of a zero, which the last addition settles: four chains hide the latency.
        Vector512<float> max = Vector512.Create(float.NegativeInfinity);
        Vector512<float> max1 = max, max2 = max, max3 = max;
        int i = 0;
        for (; i + 64 <= count; i += 64)
        {
            max = Greater(max, Vector512.Load(values + i));
            max1 = Greater(max1, Vector512.Load(values + i + 16));
            max2 = Greater(max2, Vector512.Load(values + i + 32));
            max3 = Greater(max3, Vector512.Load(values + i + 48));
        }

        max = Greater(Greater(max, max1), Greater(max2, max3));
        for (; i + 16 <= count; i += 16) max = Greater(max, Vector512.Load(values + i));
        if (i < count) max = Greater(max, LoadTail(values + i, count - i, float.NegativeInfinity));
        return MaxLanes(max) + 0f;
    }

    /// <summary>Joins 16 lanes by addition in the fixed tree.</summary>
    /// <param name="lanes">The lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumLanes(Vector512<float> lanes)
    {
        Vector256<float> eight = lanes.GetLower() + lanes.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        Vector128<float> two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        return two.ToScalar() + two.GetElement(1);
    }

    /// <summary>Joins 8 lanes by addition in the fixed tree: lanes i and i + 4, then i and i + 2, i and i + 1.</summary>
    /// <param name="lanes">The lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double SumLanes(Vector512<double> lanes)
    {
        Vector256<double> four = lanes.GetLower() + lanes.GetUpper();
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two.ToScalar() + two.GetElement(1);
    }

    /// <summary>Joins 16 lanes by <see cref="Greater"/> in the fixed tree.</summary>
    /// <param name="lanes">The lanes, none of them NaN.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLanes(Vector512<float> lanes)
    {
        Vector256<float> eight = Vector256.ConditionalSelect(Vector256.GreaterThan(lanes.GetUpper(), lanes.GetLower()), lanes.GetUpper(), lanes.GetLower());
        Vector128<float> four = Vector128.ConditionalSelect(Vector128.GreaterThan(eight.GetUpper(), eight.GetLower()), eight.GetUpper(), eight.GetLower());
        Vector128<float> other = Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        Vector128<float> two = Vector128.ConditionalSelect(Vector128.GreaterThan(other, four), other, four);
        float a = two.ToScalar();
        float b = two.GetElement(1);
        return b > a ? b : a;
    }

    /// <summary>Per lane <paramref name="candidate"/> where it is greater than <paramref name="best"/>, else <paramref name="best"/>.</summary>
    /// <param name="best">The greatest so far.</param>
    /// <param name="candidate">New values; a NaN is passed over.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Greater(Vector512<float> best, Vector512<float> candidate)
        => Vector512.ConditionalSelect(Vector512.GreaterThan(candidate, best), candidate, best);

    /// <summary>The last, incomplete group: <paramref name="count"/> values, then the identity.</summary>
    /// <param name="values">The first of the group.</param>
    /// <param name="count">1 … 15.</param>
    /// <param name="identity">What fills the group up.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadTail(float* values, int count, float identity)
    {
        // Inlined on purpose: a call here would make the caller keep its accumulators in memory throughout its loop.
        Vector512<float> group = Vector512.Create(identity);
        float* lanes = (float*)&group;
        for (int i = 0; i < count; i++) lanes[i] = values[i];
        return group;
    }
}
