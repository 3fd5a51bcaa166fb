using System.Diagnostics;
using System.Globalization;
using Konko.Engine;
using Konko.Engine.Cache;
using Konko.Engine.Gguf;
using Konko.Engine.Models;
using Konko.Engine.Scheduling;

namespace Konko.Bench.Scheduling;

/// <summary>A prompt of 1,000 tokens that was seen before and a new question: the time to its first token, beside the model's own time for the tokens that are not in the cache, at the same place.</summary>
internal static class PrefixBench
{
    private const int System = 1000, Question = 30;

    /// <summary>As between two turns of a chat: the engine's threads have gone to sleep.</summary>
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(string path, int threads, int rounds)
    {
        await using LocalModel model = await LocalModel.LoadAsync(path, new LocalModelOptions { Threads = threads }, TimeProvider.System);
        using GgufFile file = GgufFile.Open(path);
        using CausalModel bare = ModelLoader.Load(file, threads, maxStepTokens: 512).Model;
        await FirstTokenAsync(model, GapBench.Request(model, 100, 1, seed: 1));
        const int Uncached = System % KvLayout.PagePositions + Question;
        Console.WriteLine($"round   whole prompt, ms   second question, ms   its {Uncached} uncached tokens, ms   cached");
        double[] second = new double[rounds], own = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            GenerationRequest system = GapBench.Request(model, System, 1, seed: 10 + round);
            (double first, _) = await FirstTokenAsync(model, With(system, 100 + round));
            (second[round], int cached) = await FirstTokenAsync(model, With(system, 200 + round));
            own[round] = await StepAsync(bare, [.. With(system, 200 + round).Prompt], System - System % KvLayout.PagePositions);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round,5} {first,18:F1} {second[round],21:F1} {own[round],27:F1} {cached,8}"));
        }

        double late = Median.Of(second), least = Median.Of(own);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"medians: {late:F1} ms, {least:F1} ms, difference {late - least:F1} ms"));

        GenerationRequest With(GenerationRequest start, int seed) => start with { Prompt = [.. start.Prompt, .. GapBench.Request(model, Question, 1, seed).Prompt] };
    }

    /// <summary>The model's time, after as long a rest, for the tokens from a position on, the last one's logits included.</summary>
    private static async Task<double> StepAsync(CausalModel model, int[] prompt, int from)
    {
        using var pool = new KvPool(model.KvLayout, KvPool.PagesFor(prompt.Length) * model.KvLayout.PageBytes);
        using var step = new StepBatch();
        var sequence = new KvSequence();
        pool.TryGrow(sequence, prompt.Length);
        while (sequence.Length < from)
        {
            int count = Math.Min(from - sequence.Length, model.MaxStepTokens);
            step.Clear();
            step.Add(sequence, prompt.AsSpan(sequence.Length, count), 0);
            model.Forward(step);
            sequence.Length += count;
        }

        await Task.Delay(s_rest);
        long start = Stopwatch.GetTimestamp();
        step.Clear();
        step.Add(sequence, prompt.AsSpan(from), 1);
        model.Forward(step);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<(double Milliseconds, int Cached)> FirstTokenAsync(LocalModel model, GenerationRequest request)
    {
        await Task.Delay(s_rest);
        int cached = 0;
        long start = Stopwatch.GetTimestamp();
        await foreach (GenerationOutput output in GapBench.Submit(model, request).ReadAllAsync())
        {
            if (output is GenerationStarted started) cached = started.CachedTokens;
            if (output is TokenGenerated) break;
        }

        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, cached);
    }
}
