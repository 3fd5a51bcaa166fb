using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Konko.Engine.Numerics;

namespace Konko.Engine.Sampling;

/// <summary>The model's own log-probabilities: the log-softmax of a row of logits, nothing applied to it.</summary>
public static unsafe class LogProbabilities
{
    /// <summary>What stands for a probability of zero, and for any smaller logarithm.</summary>
    public const float Lowest = -9999f;

    /// <summary>The log-probability of a token and of the best ones.</summary>
    /// <param name="logits">A row of logits.</param>
    /// <param name="token">The token that was drawn, or that stands in the prompt.</param>
    /// <param name="top">How many of the best tokens to name; no more than there are.</param>
    /// <exception cref="NonFiniteLogitsException">A NaN or +∞ is among the logits, or nothing but −∞.</exception>
    public static TokenLogProbs Of(ReadOnlySpan<float> logits, int token, int top)
    {
        fixed (float* row = logits)
        {
            float max = LogitRow.CheckedMax(row, logits.Length);
            double logSum = ScalarMath.Log(SumOfExponentials(row, logits.Length, max));
            TokenLogProb[] best = Best(row, logits.Length, Math.Min(top, logits.Length));
            for (int i = 0; i < best.Length; i++) best[i] = new TokenLogProb(best[i].Id, LogProb(best[i].LogProb));
            return new TokenLogProbs(new TokenLogProb(token, LogProb(logits[token])), best);

            float LogProb(float logit) => Finite((double)logit - max - logSum);
        }
    }

    /// <summary>A logarithm as it is reported: at least <see cref="Lowest"/>, and never −0.</summary>
    /// <param name="logarithm">The logarithm of a probability.</param>
    internal static float Finite(double logarithm) => logarithm < Lowest ? Lowest : (float)logarithm + 0f;

    /// <summary>Σ e^(logit − max), in double: 16 lanes, each a chain in id order, then the tree of <see cref="Reduce"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SumOfExponentials(float* logits, int count, float max)
    {
        Vector512<float> shift = Vector512.Create(max);
        Vector512<double> low = Vector512<double>.Zero;
        Vector512<double> high = low;
        for (int i = 0; i < count; i += 16)
        {
            Vector512<float> x = i + 16 <= count ? Vector512.Load(logits + i) : Reduce.LoadTail(logits + i, count - i, float.NegativeInfinity);
            (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(VectorMath.Exp(x - shift));
            low += lower;
            high += upper;
        }

        return Reduce.SumLanes(low + high);
    }

    /// <summary>The best tokens with their logits, best first, ties to the lowest id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TokenLogProb[] Best(float* logits, int count, int top)
    {
        if (top == 0) return [];
        var best = new TokenLogProb[top];
        int i = 0;
        for (; i < top; i++) Insert(best, i, new TokenLogProb(i, logits[i]));
        while (i < count)
        {
            // A later token must beat the worst of the best: of equals the lower id stands there already.
            if (i + 16 <= count)
            {
                ulong better = Vector512.GreaterThan(Vector512.Load(logits + i), Vector512.Create(best[^1].LogProb)).ExtractMostSignificantBits();
                int skip = better == 0 ? 16 : BitOperations.TrailingZeroCount(better);
                i += skip;
                if (skip == 16) continue;
            }

            if (logits[i] > best[^1].LogProb) Insert(best, top - 1, new TokenLogProb(i, logits[i]));
            i++;
        }

        return best;
    }

    private static void Insert(TokenLogProb[] best, int place, TokenLogProb token)
    {
        for (; place > 0 && token.LogProb > best[place - 1].LogProb; place--) best[place] = best[place - 1];
        best[place] = token;
    }
}
