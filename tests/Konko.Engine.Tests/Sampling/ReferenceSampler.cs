using Konko.Engine.Numerics;
using Konko.Engine.Sampling;

namespace Konko.Engine.Tests.Sampling;

/// <summary>What the sampler's distribution is, by full sorts and whole numbers: slow and plain.</summary>
internal static class ReferenceSampler
{
    private const double Scale = 1L << 34;

    /// <summary>The ids that may be drawn, ascending, each with its weight times 2³⁴.</summary>
    public static SortedDictionary<int, long> Distribution(SamplingParameters parameters, float[] logits)
    {
        float max = logits.Max();
        float inverse = 1f / parameters.Temperature;
        var tokens = new List<(int Id, float Distance, long Weight)>();
        for (int id = 0; id < logits.Length; id++)
        {
            float distance = (max - logits[id]) * inverse;
            long weight = (long)Math.Round(ScalarMath.Exp(-distance) * Scale, MidpointRounding.ToEven);
            if (weight > 0) tokens.Add((id, distance, weight));
        }

        if (parameters.MinP > 0)
        {
            float cut = -ScalarMath.Log(parameters.MinP);
            tokens.RemoveAll(t => t.Distance > cut);
        }

        if (parameters.TopK > 0) tokens = [.. tokens.OrderBy(t => t.Distance).ThenBy(t => t.Id).Take(parameters.TopK)];
        if (parameters.TopP < 1) tokens = Nearest(tokens, parameters.TopP, t => t.Distance);
        if (parameters.TypicalP < 1)
        {
            double sum = tokens.Sum(t => t.Weight / Scale);
            float mean = (float)(tokens.Sum(t => t.Weight / Scale * t.Distance) / sum);
            tokens = Nearest(tokens, parameters.TypicalP, t => Math.Abs(t.Distance - mean));
        }

        return new SortedDictionary<int, long>(tokens.ToDictionary(t => t.Id, t => t.Weight));
    }

    /// <summary>The first id in order whose running sum exceeds a number below the sum.</summary>
    public static int Draw(SortedDictionary<int, long> distribution, ulong random)
    {
        ulong drawn = (ulong)((UInt128)random * (ulong)distribution.Values.Sum() >> 64);
        ulong passed = 0;
        foreach ((int id, long weight) in distribution)
        {
            passed += (ulong)weight;
            if (passed > drawn) return id;
        }

        throw new InvalidOperationException("The number drawn is not below the sum.");
    }

    private static List<(int Id, float Distance, long Weight)> Nearest(
        List<(int Id, float Distance, long Weight)> tokens, float share, Func<(int Id, float Distance, long Weight), float> key)
    {
        double target = share * tokens.Sum(t => t.Weight / Scale);
        var kept = new List<(int Id, float Distance, long Weight)>();
        double mass = 0;
        foreach ((int Id, float Distance, long Weight) token in tokens.OrderBy(key).ThenBy(t => t.Id))
        {
            if (mass >= target) break;
            kept.Add(token);
            mass += token.Weight / Scale;
        }

        return kept;
    }
}
