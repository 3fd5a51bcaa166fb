using System.Collections.Concurrent;
using System.Diagnostics;

namespace Konko.Load;

/// <summary>Keeps a target busy, and collects what came of every request.</summary>
internal sealed class LoadRun(ILoadTarget target, LoadOptions options)
{
    // Far from the numbers of the load itself: prompts beside it are others.
    private const int FirstBeside = 1 << 24;

    private int _next = -1;
    private int _nextBeside = FirstBeside;

    /// <summary>Makes new requests for the time or up to the number that the options give, then waits until the last has ended.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<LoadResult> RunAsync(CancellationToken cancellationToken) => RunAsync(options.Duration, options.Requests, cancellationToken);

    /// <summary>The same load for a while or a number of requests, for a server that is to be warm.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public Task WarmUpAsync(CancellationToken cancellationToken) =>
        options.WarmUpRequests is not null || options.WarmUp > TimeSpan.Zero ? RunAsync(options.WarmUp, options.WarmUpRequests, cancellationToken) : Task.CompletedTask;

    private async Task<LoadResult> RunAsync(TimeSpan duration, int? requests, CancellationToken cancellationToken)
    {
        ConcurrentQueue<StreamRecord> records = new(), beside = new();
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        long start = Stopwatch.GetTimestamp();
        Task others = options.BesideRate is double besideRate ? BesideAsync(start, besideRate, beside, over.Token, cancellationToken) : Task.CompletedTask;
        int left = requests ?? int.MaxValue;
        TimeSpan until = requests is null ? duration : TimeSpan.MaxValue;
        await (options.Rate is double rate
            ? OpenLoopAsync(start, until, left, rate, records, cancellationToken)
            : ClosedLoopAsync(start, until, left, records, cancellationToken));
        await over.CancelAsync();
        await others;
        return new LoadResult([.. records], [.. beside], start, requests is null ? duration : null);
    }

    private Task ClosedLoopAsync(long start, TimeSpan until, int requests, ConcurrentQueue<StreamRecord> records, CancellationToken cancellationToken)
    {
        int left = requests;
        return Task.WhenAll(Enumerable.Range(0, options.Clients).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(start) < until && Interlocked.Decrement(ref left) >= 0)
                await AskAsync(options.Shape, Interlocked.Increment(ref _next), Stopwatch.GetTimestamp(), records, cancellationToken);
        }));
    }

    // A request counts from the moment it was due: a server that stalls is not excused by the requests it thereby prevented.
    private async Task OpenLoopAsync(long start, TimeSpan until, int requests, double rate, ConcurrentQueue<StreamRecord> records, CancellationToken cancellationToken)
    {
        List<Task> running = [];
        foreach (double at in Arrivals.Of(options.Pattern, rate, options.Shape.Seed))
        {
            if (at >= until.TotalSeconds || running.Count == requests) break;
            await WaitAsync(start, at, cancellationToken);
            running.Add(AskAsync(options.Shape, Interlocked.Increment(ref _next), At(start, at), records, cancellationToken));
        }

        await Task.WhenAll(running);
    }

    private async Task BesideAsync(long start, double rate, ConcurrentQueue<StreamRecord> records, CancellationToken over, CancellationToken cancellationToken)
    {
        List<Task> running = [];
        try
        {
            foreach (double at in Arrivals.Of(options.Pattern, rate, options.Shape.Seed + 1))
            {
                await WaitAsync(start, at, over);
                running.Add(AskAsync(options.BesideShape, _nextBeside++, At(start, at), records, cancellationToken));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The load is over, and so are new requests beside it.
        }

        await Task.WhenAll(running);
    }

    private async Task AskAsync(RequestShape shape, int index, long due, ConcurrentQueue<StreamRecord> records, CancellationToken cancellationToken) =>
        records.Enqueue(await target.AskAsync(ChatRequest.Draw(shape, index), due, cancellationToken));

    private static async Task WaitAsync(long start, double at, CancellationToken cancellationToken)
    {
        TimeSpan wait = TimeSpan.FromSeconds(at) - Stopwatch.GetElapsedTime(start);
        if (wait > TimeSpan.Zero) await Task.Delay(wait, cancellationToken);
        else cancellationToken.ThrowIfCancellationRequested();
    }

    private static long At(long start, double seconds) => start + (long)(seconds * Stopwatch.Frequency);
}
