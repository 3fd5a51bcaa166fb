using System.Diagnostics;
using Konko.Engine.Cache;
using Konko.Engine.Models;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;

namespace Konko.Cli.Bench;

/// <summary>Times several streams that generate together, through the scheduler that serves them.</summary>
internal sealed class StreamBench : IAsyncDisposable
{
    private readonly int _streams;
    private readonly int _prompt;
    private readonly int _generate;
    private readonly TokenSource _tokens;
    private readonly Scheduler _scheduler;

    /// <summary>Starts a scheduler.</summary>
    /// <param name="model">The model; not disposed of here.</param>
    /// <param name="streams">Streams that run together.</param>
    /// <param name="prompt">Tokens of each one's prompt.</param>
    /// <param name="generate">Tokens that each generates.</param>
    public StreamBench(CausalModel model, int streams, int prompt, int generate)
    {
        (_streams, _prompt, _generate) = (streams, prompt, generate);
        _tokens = new TokenSource(model.VocabularySize);
        _scheduler = new Scheduler(
            model,
            [],
            new SchedulerOptions
            {
                KvBytes = (streams * (long)KvPool.PagesFor(prompt + generate) + 1) * model.KvLayout.PageBytes,
                MaxRunning = streams,
                MaxQueued = streams,
                PrefillTokenBudget = model.MaxStepTokens,
                // Texts without end repeat themselves; drafts would flatter the figure.
                DraftTokens = 0,
                QueueDeadline = Timeout.InfiniteTimeSpan,
            },
            TimeProvider.System);
    }

    /// <summary>Runs all streams once.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Tokens a second while all streams generate; and prompts and generated tokens a second over the whole time.</returns>
    public async Task<(double Decode, double Total)> RunAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        int[][] prompts = [.. Enumerable.Range(0, _streams).Select(_ => _tokens.Next(_prompt))];
        // Prompts are taken in before, but for what ends in the middle of a page: else the first streams would be done before the last one begins.
        await Task.WhenAll(prompts.Select(prompt => StreamAsync(Submit(prompt, 1), cancellationToken)));
        long[][] times = await Task.WhenAll(prompts.Select(prompt => StreamAsync(Submit(prompt, _generate), cancellationToken)));
        // The first streams still have a small lead: only while all of them run is it their speed together.
        long first = times.Max(stream => stream[0]), last = times.Min(stream => stream[^1]), end = times.Max(stream => stream[^1]);
        long tokens = times.Sum(stream => stream.Count(time => time > first && time <= last));
        if (tokens == 0) throw new BenchException($"{_generate} tokens are too few for {_streams} streams to be seen running together.");
        return (Speed(tokens, first, last), Speed(_streams * (long)(_prompt + _generate), start, end));
    }

    public ValueTask DisposeAsync() => _scheduler.DisposeAsync();

    private static double Speed(long tokens, long from, long to) => Math.Round(tokens / Stopwatch.GetElapsedTime(from, to).TotalSeconds, 3);

    private GenerationHandle Submit(int[] prompt, int tokens)
    {
        var request = new GenerationRequest
        {
            Prompt = prompt,
            MaxTokens = tokens,
            Sampling = new SamplingParameters { Temperature = 0, IgnoreEos = true },
        };
        return _scheduler.TrySubmit(request, out GenerationHandle? handle, out SubmitRefusal? refusal)
            ? handle
            : throw new BenchException($"The scheduler took no {_streams} streams: {refusal}.");
    }

    private static async Task<long[]> StreamAsync(GenerationHandle handle, CancellationToken cancellationToken)
    {
        List<long> times = [];
        await foreach (GenerationOutput output in handle.ReadAllAsync(cancellationToken))
        {
            if (output is TokenGenerated) times.Add(Stopwatch.GetTimestamp());
        }

        return [.. times];
    }
}
