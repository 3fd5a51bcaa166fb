namespace Konko.Engine.Gguf.Quants;

/// <summary>
/// Finds the scale of a sub-block: from each of some scales around the one that just covers its range, the elements
/// are rounded and the scale that fits these integers best is solved for; the best of all is kept.
/// </summary>
/// <remarks>Errors are weighted by the element's magnitude plus the sub-block's mean square root: large weights matter more.</remarks>
internal static class ScaleSearch
{
    private const int Steps = 9;
    private const float StepWidth = 0.1f;

    /// <summary>Scale and minimum, both at least 0, so that x ≈ scale · q − minimum with q in 0 … levels.</summary>
    /// <param name="values">The sub-block, at most 32 elements.</param>
    /// <param name="levels">The largest q.</param>
    public static (float Scale, float Minimum) Affine(ReadOnlySpan<float> values, int levels)
    {
        Span<float> weights = stackalloc float[values.Length];
        Weigh(values, weights);
        float min = 0; // 0 or below: the format cannot shift the range upwards
        float max = 0;
        foreach (float value in values)
        {
            min = MathF.Min(min, value);
            max = MathF.Max(max, value);
        }

        if (max == min) return (0, 0);
        float bestScale = (max - min) / levels;
        float bestMinimum = -min;
        float bestError = AffineError(values, weights, bestScale, bestMinimum, levels);
        for (int step = -Steps; step <= Steps; step++)
        {
            float scale = (max - min) / (levels + step * StepWidth);
            (scale, float minimum) = FitAffine(values, weights, scale, -min, levels);
            if (!(scale > 0)) continue;
            float error = AffineError(values, weights, scale, minimum, levels);
            if (error < bestError) (bestScale, bestMinimum, bestError) = (scale, minimum, error);
        }

        return (bestScale, bestMinimum);
    }

    /// <summary>A scale, of either sign, so that x ≈ scale · q with q in −levels … levels − 1.</summary>
    /// <param name="values">The sub-block, at most 32 elements.</param>
    /// <param name="levels">The largest magnitude of q.</param>
    public static float Symmetric(ReadOnlySpan<float> values, int levels)
    {
        Span<float> weights = stackalloc float[values.Length];
        Weigh(values, weights);
        float extreme = 0;
        foreach (float value in values)
        {
            if (MathF.Abs(value) > MathF.Abs(extreme)) extreme = value;
        }

        if (extreme == 0) return 0;
        float best = extreme / -levels;
        float bestError = SymmetricError(values, weights, best, levels);
        for (int step = -Steps; step <= Steps; step++)
        {
            float scale = FitSymmetric(values, weights, extreme / -(levels + step * StepWidth), levels);
            float error = SymmetricError(values, weights, scale, levels);
            if (error < bestError) (best, bestError) = (scale, error);
        }

        return best;
    }

    private static void Weigh(ReadOnlySpan<float> values, Span<float> weights)
    {
        float squares = 0;
        foreach (float value in values) squares += value * value;
        float root = MathF.Sqrt(squares / values.Length);
        for (int i = 0; i < values.Length; i++) weights[i] = MathF.Abs(values[i]) + root;
    }

    // Weighted least squares of x = scale · q − minimum; where the minimum would be negative, through the origin.
    private static (float Scale, float Minimum) FitAffine(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, float scale, float minimum, int levels)
    {
        double w = 0, wq = 0, wqq = 0, wx = 0, wqx = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double q = Quantizer.Nearest(values[i] + minimum, scale, 0, levels);
            w += weights[i];
            wq += weights[i] * q;
            wqq += weights[i] * q * q;
            wx += weights[i] * (double)values[i];
            wqx += weights[i] * q * values[i];
        }

        double determinant = w * wqq - wq * wq;
        if (!(determinant > 0)) return (0, 0);
        double fittedMinimum = (wq * wqx - wqq * wx) / determinant;
        return fittedMinimum >= 0 ? ((float)((w * wqx - wq * wx) / determinant), (float)fittedMinimum) : ((float)(wqx / wqq), 0);
    }

    private static float FitSymmetric(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, float scale, int levels)
    {
        double wqq = 0, wqx = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double q = Quantizer.Nearest(values[i], scale, -levels, levels - 1);
            wqq += weights[i] * q * q;
            wqx += weights[i] * q * values[i];
        }

        return wqq > 0 ? (float)(wqx / wqq) : scale;
    }

    private static float AffineError(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, float scale, float minimum, int levels)
    {
        float sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            float difference = values[i] - (scale * Quantizer.Nearest(values[i] + minimum, scale, 0, levels) - minimum);
            sum += weights[i] * difference * difference;
        }

        return sum;
    }

    private static float SymmetricError(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, float scale, int levels)
    {
        float sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            float difference = values[i] - scale * Quantizer.Nearest(values[i], scale, -levels, levels - 1);
            sum += weights[i] * difference * difference;
        }

        return sum;
    }
}
