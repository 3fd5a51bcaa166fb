using System.Diagnostics;
using System.Globalization;
using Konko.Engine;
using Konko.Engine.Scheduling;

namespace Konko.Bench.Scheduling;

/// <summary>A prompt of 1,000 tokens that was seen before and a new question: the time to its first token, beside that of a prompt as long as what is not in the cache.</summary>
internal static class PrefixBench
{
    private const int System = 1000, Question = 30;

    public static async Task RunAsync(string path, int threads, int rounds)
    {
        await using LocalModel model = await LocalModel.LoadAsync(path, new LocalModelOptions { Threads = threads }, TimeProvider.System);
        int uncached = System % 32 + Question;
        await FirstTokenAsync(model, GapBench.Request(model, 100, 1, seed: 1));
        Console.WriteLine($"round   whole prompt, ms   second question, ms   {uncached} tokens alone, ms   cached");
        double[] second = new double[rounds], alone = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            GenerationRequest system = GapBench.Request(model, System, 1, seed: 10 + round);
            (double first, _) = await FirstTokenAsync(model, With(system, Question, 100 + round));
            (second[round], int cached) = await FirstTokenAsync(model, With(system, Question, 200 + round));
            (alone[round], _) = await FirstTokenAsync(model, GapBench.Request(model, uncached, 1, seed: 300 + round));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{round,5} {first,18:F1} {second[round],21:F1} {alone[round],23:F1} {cached,8}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"medians: {ModelBench.Median(second):F1} ms, {ModelBench.Median(alone):F1} ms"));

        GenerationRequest With(GenerationRequest start, int tokens, int seed) => start with { Prompt = [.. start.Prompt, .. GapBench.Request(model, tokens, 1, seed).Prompt] };
    }

    private static async Task<(double Milliseconds, int Cached)> FirstTokenAsync(LocalModel model, GenerationRequest request)
    {
        // As between two turns of a chat: the engine's threads have gone to sleep.
        await Task.Delay(100);
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
