using System.Collections.Concurrent;
using System.Diagnostics;

namespace Konko.Load;

/// <summary>Keeps a server busy for a while, and collects what came of every request.</summary>
internal sealed class LoadRun(StreamClient client, LoadOptions options)
{
    private readonly ConcurrentQueue<StreamRecord> _records = new();
    private int _next = -1;

    /// <summary>Makes new requests for the given time, then waits until the last has ended.</summary>
    /// <returns>The records, and how long it took to the last end.</returns>
    public async Task<(IReadOnlyList<StreamRecord> Records, TimeSpan Elapsed)> RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        _records.Clear();
        long start = Stopwatch.GetTimestamp();
        await (options.Rate is double rate ? OpenLoopAsync(start, duration, rate, cancellationToken) : ClosedLoopAsync(start, duration, cancellationToken));
        return ([.. _records], Stopwatch.GetElapsedTime(start));
    }

    private Task ClosedLoopAsync(long start, TimeSpan duration, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Clients).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(start) < duration) await AskNextAsync(Stopwatch.GetTimestamp(), cancellationToken);
        }));

    // Times between arrivals are exponential, as those of people who know nothing of one another. A request is
    // late from the moment it was due: a server that stalls is not excused by the requests it thereby prevented.
    private async Task OpenLoopAsync(long start, TimeSpan duration, double rate, CancellationToken cancellationToken)
    {
#pragma warning disable CA5394 // Load is drawn to be repeated, not to be secret.
        Random random = new(options.Seed);
        List<Task> running = [];
        for (double at = 0; at < duration.TotalSeconds; at += -Math.Log(1 - random.NextDouble()) / rate)
#pragma warning restore CA5394
        {
            TimeSpan wait = TimeSpan.FromSeconds(at) - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, cancellationToken);
            running.Add(AskNextAsync(start + (long)(at * Stopwatch.Frequency), cancellationToken));
        }

        await Task.WhenAll(running);
    }

    private async Task AskNextAsync(long due, CancellationToken cancellationToken) =>
        _records.Enqueue(await client.AskAsync(ChatRequest.Draw(options, Interlocked.Increment(ref _next)), due, cancellationToken));
}
