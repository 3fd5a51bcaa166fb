using System.Diagnostics;
using System.Globalization;
using Konko.Engine.Cache;
using Konko.Engine.Models;

namespace Konko.Bench.Scheduling;

/// <summary>What a step of so many tokens costs: in one sequence (verifying a draft) and in as many sequences (decoding together).</summary>
internal static class StepCostBench
{
    private const int Depth = 300;

    public static void Run(CausalModel model)
    {
        Console.WriteLine("tokens   one sequence, ms   one each, ms");
        foreach (int tokens in (int[])[1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 24, 32, 64, 128, 256])
        {
            if (tokens > model.MaxStepTokens) break;
            double together = tokens <= 32 ? Measure(model, tokens, 1) : double.NaN;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tokens,6} {Measure(model, 1, tokens),18:F2} {together,14:F2}"));
        }
    }

    private static double Measure(CausalModel model, int sequences, int tokens)
    {
        using var pool = new KvPool(model.KvLayout, sequences * (long)KvPool.PagesFor(Depth + tokens) * model.KvLayout.PageBytes);
        using var step = new StepBatch();
        var random = new Random(1);
        KvSequence[] all = [.. Enumerable.Range(0, sequences).Select(_ => new KvSequence())];
        foreach (KvSequence sequence in all)
        {
            pool.TryGrow(sequence, Depth + tokens);
            step.Clear();
            step.Add(sequence, Tokens(Depth), 0);
            model.Forward(step);
            sequence.Length = Depth;
        }

        double[] times = new double[40];
        for (int i = -5; i < times.Length; i++)
        {
            step.Clear();
            foreach (KvSequence sequence in all) step.Add(sequence, Tokens(tokens), tokens > 32 ? 1 : tokens);
            long start = Stopwatch.GetTimestamp();
            model.Forward(step);
            if (i >= 0) times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        return Median.Of(times);

        int[] Tokens(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(model.VocabularySize))];
    }
}
