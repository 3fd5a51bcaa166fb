using System.Diagnostics;
using System.Globalization;
using Konko.Engine;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;

namespace Konko.Bench.Scheduling;

/// <summary>Eight streams decode while prompts of 512 tokens arrive: the gaps between a stream's tokens, and how long the prompts take.</summary>
internal static class GapBench
{
    private const int Streams = 8, Prompts = 4, PromptTokens = 512;
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(1600);

    public static async Task RunAsync(string path, int threads, int rounds)
    {
        await using LocalModel model = await LocalModel.LoadAsync(path, new LocalModelOptions { Threads = threads, Drafting = false }, TimeProvider.System);
        await RunAsync(model, seed: 1, prompts: 2);
        Console.WriteLine("round   median gap, ms    p99, ms    max, ms   p99 / median   prompt's first token, ms   tokens/s");
        for (int round = 0; round < rounds; round++) await RunAsync(model, seed: 100 + round * 50, Prompts, round);
    }

    private static async Task RunAsync(LocalModel model, int seed, int prompts, int round = -1)
    {
        using var end = new CancellationTokenSource();
        Task<List<double>>[] streams = [.. Enumerable.Range(0, Streams).Select(i => Task.Run(() => StreamAsync(model, seed + i, end.Token)))];
        await Task.Delay(s_between);
        long start = Stopwatch.GetTimestamp();
        var first = new List<Task<double>>();
        for (int i = 0; i < prompts; i++)
        {
            first.Add(FirstTokenAsync(model, seed + Streams + i));
            await Task.Delay(s_between);
        }

        double[] times = await Task.WhenAll(first);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await end.CancelAsync();
        List<double>[] all = await Task.WhenAll(streams);
        if (round < 0) return;
        double[] gaps = [.. all.SelectMany(gap => gap).Order()];
        double median = gaps[gaps.Length / 2], late = gaps[gaps.Length * 99 / 100];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{round,5} {median,16:F2} {late,10:F2} {gaps[^1],10:F2} {late / median,14:F2} {Median.Of(times),26:F0} {gaps.Length / seconds,10:F0}"));
    }

    private static async Task<List<double>> StreamAsync(LocalModel model, int seed, CancellationToken end)
    {
        var gaps = new List<double>();
        long last = 0;
        try
        {
            await foreach (GenerationOutput output in Submit(model, Request(model, 64, 1500, seed)).ReadAllAsync(end))
            {
                if (output is not TokenGenerated) continue;
                long now = Stopwatch.GetTimestamp();
                if (last != 0) gaps.Add(Stopwatch.GetElapsedTime(last, now).TotalMilliseconds);
                last = now;
            }
        }
        catch (OperationCanceledException)
        {
        }

        return gaps;
    }

    private static async Task<double> FirstTokenAsync(LocalModel model, int seed)
    {
        long start = Stopwatch.GetTimestamp();
        await foreach (GenerationOutput output in Submit(model, Request(model, PromptTokens, 1, seed)).ReadAllAsync())
        {
            if (output is TokenGenerated) break;
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    internal static GenerationHandle Submit(LocalModel model, GenerationRequest request)
        => model.Scheduler.TrySubmit(request, out GenerationHandle? handle, out SubmitRefusal? refusal) ? handle : throw new InvalidOperationException($"Refused: {refusal}");

    /// <summary>A request of random tokens that goes on to its last allowed token.</summary>
    internal static GenerationRequest Request(LocalModel model, int prompt, int maxTokens, int seed)
    {
        var random = new Random(seed);
        return new GenerationRequest
        {
            Prompt = [.. Enumerable.Range(0, prompt).Select(_ => random.Next(1000, model.Tokenizer.VocabularySize))],
            MaxTokens = maxTokens,
            Sampling = new SamplingParameters { Seed = seed, IgnoreEos = true, Temperature = 0.8f },
        };
    }
}
