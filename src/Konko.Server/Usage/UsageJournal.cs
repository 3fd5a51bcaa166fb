using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Usage;

/// <summary>Writes usage down behind the answers: they never wait for it, and no fault of the store reaches them.</summary>
/// <param name="store">Where to.</param>
/// <param name="resumable">Ids of answers that an earlier server left and that may still be gone on with.</param>
/// <param name="ready">Completes when the server has time for this.</param>
/// <param name="time">The server's clock.</param>
/// <param name="logger">Learns of what could not be written.</param>
internal sealed partial class UsageJournal(IUsageStore store, Func<IReadOnlyCollection<string>> resumable, Task ready, TimeProvider time, ILogger<UsageJournal> logger) : BackgroundService
{
    private const int Capacity = 16384;
    private const int Batch = 256;

    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    private readonly Channel<UsageChange> _changes = Channel.CreateBounded<UsageChange>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly List<UsageChange> _batch = [];
    private bool _open;
    private bool _ailing;
    private volatile bool _stopping;

    /// <summary>The time, in milliseconds since 1970.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Changes that wait to be written.</summary>
    public int Waiting => _changes.Reader.Count;

    /// <summary>Takes a change; it is lost where the store has not kept up with very many.</summary>
    /// <param name="change">The change.</param>
    public void Add(UsageChange change)
    {
        if (_changes.Writer.TryWrite(change)) return;
        // A stream that expires while the server stops is settled by the next one, which cannot go on with it.
        if (change is not UsageAbandoned || !_stopping) LogLost();
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What ended last is written before the process goes.
        _stopping = true;
        _changes.Writer.TryComplete();
        if (ExecuteTask is { } writing) await Task.WhenAny(writing, Task.Delay(TimeSpan.FromSeconds(2), time, cancellationToken));
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The answers' own start comes first; a server that could not load its model has no use for this.
        await Task.WhenAny(ready, _changes.Reader.Completion, Task.Delay(Timeout.InfiniteTimeSpan, stoppingToken));
        while (!await TryAsync(() => OpenAsync(stoppingToken))) await Task.Delay(s_retry, time, stoppingToken);
        while (await _changes.Reader.WaitToReadAsync(stoppingToken))
        {
            while (_batch.Count < Batch && _changes.Reader.TryRead(out UsageChange? change)) _batch.Add(change);
            while (!await TryAsync(() => store.WriteAsync(_batch, stoppingToken))) await Task.Delay(s_retry, time, stoppingToken);
            _batch.Clear();
        }
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (_open) return;
        await store.OpenAsync(resumable(), Now, cancellationToken);
        _open = true;
    }

    private async Task<bool> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            _ailing = false;
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Once for each time that it ails, not for each try.
            if (!_ailing) LogUnwritten(exception.Message);
            _ailing = true;
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Usage cannot be written now, and waits: {Reason}")]
    private partial void LogUnwritten(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Usage is lost: too much of it waits to be written")]
    private partial void LogLost();
}
