using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Konko.Engine.Gguf.Quants;

/// <summary>
/// Finds the scale and offset of a sub-block, so that x ≈ scale · q + offset with least weighted squares of the errors.
/// Sixteen scales around the one that just covers the range are tried at once, a lane each: the elements are rounded,
/// scale and offset are solved for these integers, and again from there; the best of all that came up is kept.
/// </summary>
/// <remarks>
/// A lane sees the elements one after the other and no lane sees another's, so that the result is the same at every
/// vector width. Lane 0 starts from plain rounding, which therefore wins where nothing is better.
/// </remarks>
internal static class ScaleSearch
{
    private const int Passes = 3;

    /// <summary>How the sixteen first scales differ: what is added to the number of steps that cover the range.</summary>
    private static Vector512<float> Spread => Vector512.Create(0f, -1.2f, -1f, -0.8f, -0.6f, -0.4f, -0.2f, 0.2f, 0.4f, 0.6f, 0.8f, 1f, 1.2f, 1.4f, 1.7f, 2f);

    /// <summary>Which offsets a fit may find.</summary>
    public enum Offset
    {
        /// <summary>None: it is 0.</summary>
        None,

        /// <summary>0 or below.</summary>
        NotAbove0,

        /// <summary>Any.</summary>
        Any,
    }

    /// <summary>Scale and offset for q in 0 … top.</summary>
    /// <param name="values">The sub-block.</param>
    /// <param name="weights">How much each error counts.</param>
    /// <param name="top">The greatest q.</param>
    /// <param name="rule">Which offsets may be found.</param>
    public static (float Scale, float Offset) Affine(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int top, Offset rule)
    {
        (float min, float max) = Range(values);
        if (rule == Offset.NotAbove0) (min, max) = (MathF.Min(min, 0), MathF.Max(max, 0));
        if (max == min) return (0, min);
        Vector512<float> scales = Vector512.Create(max - min) / (Vector512.Create((float)top) + Spread);
        return Search(values, weights, new UniformGrid(0, top), scales, Vector512.Create(min), rule);
    }

    /// <summary>A scale, of either sign, for q in −levels … levels − 1.</summary>
    /// <param name="values">The sub-block.</param>
    /// <param name="weights">How much each error counts.</param>
    /// <param name="levels">The greatest magnitude of q.</param>
    public static float Symmetric(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int levels)
    {
        float extreme = Extreme(values);
        if (extreme == 0) return 0;
        Vector512<float> scales = Vector512.Create(-extreme) / (Vector512.Create((float)levels) + Spread);
        return Search(values, weights, new UniformGrid(-levels, levels - 1), scales, Vector512<float>.Zero, Offset.None).Scale;
    }

    /// <summary>A scale, of either sign, for the values of IQ4_NL.</summary>
    /// <param name="values">The sub-block.</param>
    /// <param name="weights">How much each error counts.</param>
    public static float Codebook(ReadOnlySpan<float> values, ReadOnlySpan<float> weights)
    {
        float extreme = Extreme(values);
        if (extreme == 0) return 0;
        // The values' ends are −127 and 113; a step near them is 24, so that the spread is that of eight steps.
        Vector512<float> scales = Vector512.Create(-extreme) / (Vector512.Create(127f) + Spread * Vector512.Create(12f));
        return Search(values, weights, default(CodebookGrid), scales, Vector512<float>.Zero, Offset.None).Scale;
    }

    /// <summary>The lane whose scale and offset have the least error; of equal ones the first.</summary>
    /// <typeparam name="TGrid">The kind of grid.</typeparam>
    /// <param name="values">The sub-block.</param>
    /// <param name="weights">How much each error counts.</param>
    /// <param name="grid">What q may be.</param>
    /// <param name="scales">A scale for each lane.</param>
    /// <param name="offsets">An offset for each lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int BestLane<TGrid>(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, TGrid grid, Vector512<float> scales, Vector512<float> offsets)
        where TGrid : struct, IQuantGrid
    {
        Vector512<float> inverses = Vector512<float>.One / scales;
        Vector512<float> errors = Vector512<float>.Zero;
        for (int i = 0; i < values.Length; i++)
        {
            Vector512<float> x = Vector512.Create(values[i]) - offsets;
            Vector512<float> difference = x - scales * grid.Nearest(x * inverses);
            errors += Vector512.Create(weights[i]) * difference * difference;
        }

        return Least(errors);
    }

    /// <summary>Magnitude plus the root of the mean square: large weights matter more.</summary>
    /// <param name="values">The sub-block.</param>
    /// <param name="weights">The weights of its elements' errors.</param>
    public static void Weigh(ReadOnlySpan<float> values, Span<float> weights)
    {
        float squares = 0;
        foreach (float value in values) squares += value * value;
        float root = MathF.Sqrt(squares / values.Length);
        for (int i = 0; i < values.Length; i++) weights[i] = MathF.Abs(values[i]) + root;
    }

    /// <summary>The first element of largest magnitude, with its sign.</summary>
    /// <param name="values">Numbers.</param>
    public static float Extreme(ReadOnlySpan<float> values)
    {
        float extreme = 0;
        foreach (float value in values)
        {
            if (MathF.Abs(value) > MathF.Abs(extreme)) extreme = value;
        }

        return extreme;
    }

    /// <summary>The least and the greatest element.</summary>
    /// <param name="values">Numbers, at least one.</param>
    public static (float Min, float Max) Range(ReadOnlySpan<float> values)
    {
        float min = values[0];
        float max = values[0];
        foreach (float value in values)
        {
            if (value < min) min = value;
            if (value > max) max = value;
        }

        return (min, max);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (float Scale, float Offset) Search<TGrid>(
        ReadOnlySpan<float> values, ReadOnlySpan<float> weights, TGrid grid, Vector512<float> scale, Vector512<float> offset, Offset rule)
        where TGrid : struct, IQuantGrid
    {
        float sumWeights = 0;
        float sumValues = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sumWeights += weights[i];
            sumValues += weights[i] * values[i];
        }

        Vector512<float> w = Vector512.Create(sumWeights);
        Vector512<float> wx = Vector512.Create(sumValues);
        Vector512<float> bestScale = scale;
        Vector512<float> bestOffset = offset;
        Vector512<float> bestError = Vector512.Create(float.PositiveInfinity);
        for (int pass = 0; pass < Passes; pass++)
        {
            Vector512<float> inverse = Vector512<float>.One / scale;
            Vector512<float> error = Vector512<float>.Zero;
            Vector512<float> wq = Vector512<float>.Zero;
            Vector512<float> wqq = Vector512<float>.Zero;
            Vector512<float> wqx = Vector512<float>.Zero;
            for (int i = 0; i < values.Length; i++)
            {
                Vector512<float> x = Vector512.Create(values[i]);
                Vector512<float> weight = Vector512.Create(weights[i]);
                Vector512<float> q = grid.Nearest((x - offset) * inverse);
                Vector512<float> difference = x - offset - scale * q;
                Vector512<float> weighted = weight * q;
                error += weight * difference * difference;
                wq += weighted;
                wqq += weighted * q;
                wqx += weighted * x;
            }

            Vector512<float> better = Vector512.LessThan(error, bestError);
            bestScale = Vector512.ConditionalSelect(better, scale, bestScale);
            bestOffset = Vector512.ConditionalSelect(better, offset, bestOffset);
            bestError = Vector512.ConditionalSelect(better, error, bestError);
            (scale, offset) = Solve(w, wx, wq, wqq, wqx, rule);
        }

        int lane = Least(bestError);
        return (bestScale.GetElement(lane), bestOffset.GetElement(lane));
    }

    // Weighted least squares. Where there is no solution a lane is no number from here on, and never better.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Scale, Vector512<float> Offset) Solve(
        Vector512<float> w, Vector512<float> wx, Vector512<float> wq, Vector512<float> wqq, Vector512<float> wqx, Offset rule)
    {
        Vector512<float> through0 = wqx / wqq;
        if (rule == Offset.None) return (through0, Vector512<float>.Zero);
        Vector512<float> determinant = w * wqq - wq * wq;
        Vector512<float> scale = (w * wqx - wq * wx) / determinant;
        Vector512<float> offset = (wqq * wx - wq * wqx) / determinant;
        if (rule == Offset.Any) return (scale, offset);
        Vector512<float> above = Vector512.GreaterThan(offset, Vector512<float>.Zero);
        return (Vector512.ConditionalSelect(above, through0, scale), Vector512.ConditionalSelect(above, Vector512<float>.Zero, offset));
    }

    private static int Least(Vector512<float> errors)
    {
        int least = 0;
        for (int lane = 1; lane < Vector512<float>.Count; lane++)
        {
            if (errors.GetElement(lane) < errors.GetElement(least)) least = lane;
        }

        return least;
    }
}
