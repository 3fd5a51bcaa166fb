using Konko.Server.Api.Errors;
using Konko.Server.Generation;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Streams;

/// <summary>One resumable stream: its log, if that is in memory, and what it takes to write it again.</summary>
internal sealed partial class KeptStream : IDisposable
{
    private readonly StreamRegistry _registry;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _restoring = new(1, 1);
    private readonly CancellationTokenSource _cancel = new();
    private readonly ITimer _grace;
    private List<StreamNote> _notes = [];
    private StreamFile? _file;
    private StreamLog? _log;
    private int _readers;

    /// <summary>A stream without a log.</summary>
    /// <param name="registry">Who keeps it.</param>
    /// <param name="id">Its id.</param>
    /// <param name="file">Its file, if there is one.</param>
    /// <param name="ended">When it ended, if it had.</param>
    /// <param name="logger">Learns of what cannot be stored.</param>
    public KeptStream(StreamRegistry registry, string id, StreamFile? file, DateTimeOffset? ended, ILogger logger)
    {
        (_registry, Id, _file, EndedAt, _logger) = (registry, id, file, ended, logger);
        Bytes = file?.Bytes ?? 0;
        _grace = registry.Time.CreateTimer(static state => ((KeptStream)state!).Abandon(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The stream's id.</summary>
    public string Id { get; }

    /// <summary>When it ended; null while it has not. Guarded by the registry.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Bytes that are kept of it, in memory and in its file. Guarded by the registry.</summary>
    public long Bytes { get; set; }

    /// <summary>Whether it was cancelled, rather than cut by the end of the server.</summary>
    public bool WasCancelled { get; private set; }

    /// <summary>Whether nobody reads it.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock) return _readers == 0;
        }
    }

    /// <summary>Whether it is being generated.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_lock) return _log is { End: StreamEnd.None };
        }
    }

    /// <summary>Counts a reader in.</summary>
    public void Enter()
    {
        lock (_lock)
        {
            _readers++;
            _grace.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Counts a reader out; when nobody is left, the stream has its time of grace.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_readers == 0 && _log is { End: StreamEnd.None }) _grace.Change(_registry.Settings.Grace, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Begins to write the log.</summary>
    /// <param name="source">What to write.</param>
    /// <param name="again">Whether it was written before.</param>
    public StreamLog Start(StreamSource source, bool again)
    {
        var log = new StreamLog { IsAgain = again };
        lock (_lock) _log = log;
        var run = new StreamRun(this, log, source, _registry, _logger);
        _ = Task.Run(() => run.WriteAsync(_cancel.Token), CancellationToken.None);
        return log;
    }

    /// <summary>The log, written again where it is not in memory.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The log; or why there is none now.</returns>
    public async Task<(StreamLog? Log, ApiError? Error)> LogAsync(CancellationToken cancellationToken)
    {
        await _restoring.WaitAsync(cancellationToken);
        try
        {
            lock (_lock)
            {
                if (_log is not null) return (_log, null);
            }

            return await RestoreAsync(cancellationToken);
        }
        finally
        {
            _restoring.Release();
        }
    }

    /// <summary>Puts what was sent of a choice's end in place of what another run measured, or notes it where it was not sent yet.</summary>
    /// <param name="last">The choice's last event.</param>
    /// <param name="now">The time.</param>
    public ChoiceAdvanced Note(ChoiceAdvanced last, DateTimeOffset now)
    {
        if (_notes.Find(note => note.Choice == last.Choice) is { } sent)
        {
            return last with
            {
                End = last.End! with { Stats = sent.Stats },
                Usage = last.Usage is { } usage ? usage with { CachedTokens = sent.CachedTokens ?? usage.CachedTokens } : null,
            };
        }

        var noted = new StreamNote(last.Choice, last.End!.Stats, last.Usage?.CachedTokens, last.Usage is null ? null : now.ToUnixTimeMilliseconds());
        _notes.Add(noted);
        try
        {
            _file?.Append(noted);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogUnwritten(_logger, Id, exception.Message);
            Forget();
        }

        return last;
    }

    /// <summary>Cancels it: its readers learn of it, and its file goes.</summary>
    public void Cancel()
    {
        WasCancelled = true;
        Forget();
        _cancel.Cancel();
    }

    /// <summary>Stops the work on it; a server that starts later can go on with it.</summary>
    public void Interrupt() => _cancel.Cancel();

    /// <summary>Deletes its file: it cannot be written again.</summary>
    public void Forget() => Interlocked.Exchange(ref _file, null)?.Delete();

    /// <summary>Drops the log of a stream that ended and that nobody reads, if it can be written again.</summary>
    /// <returns>Bytes that are left of it; null where it stays.</returns>
    public long? Evict()
    {
        lock (_lock)
        {
            if (_file is not { } file || _readers > 0 || _log is null or { End: StreamEnd.None }) return null;
            _log = null;
            return file.Bytes;
        }
    }

    /// <inheritdoc/>
    // The rest holds nothing that must be given back, and a reader may be at it still.
    public void Dispose() => _grace.Dispose();

    private async Task<(StreamLog? Log, ApiError? Error)> RestoreAsync(CancellationToken cancellationToken)
    {
        (StreamRecord? record, _notes) = _file?.Read() ?? (null, []);
        if (record is null) return (null, StreamErrors.NotFound);
        (StreamSource? source, ApiError? error) = await _registry.SourceAsync(record, cancellationToken);
        if (source is not null) return (Start(source, again: true), null);
        if (error!.Status is 429 or 503) return (null, error);
        var broken = new StreamLog { IsAgain = true };
        broken.Break(StreamErrors.Event(StreamErrors.Changed));
        return (broken, null);
    }

    private void Abandon()
    {
        lock (_lock)
        {
            if (_readers > 0 || _log is not { End: StreamEnd.None }) return;
        }

        Cancel();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stream {Id} ends with this process, it cannot be stored: {Reason}")]
    private static partial void LogUnwritten(ILogger logger, string id, string reason);
}
