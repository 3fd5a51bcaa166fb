using System.Security.Cryptography;
using System.Text;
using Konko.Server.Api.Errors;
using Konko.Server.Storage;
using Konko.Server.Usage;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Streams;

/// <summary>The resumable streams of this server, within limits of number, bytes and time.</summary>
internal sealed partial class StreamRegistry : IDisposable
{
    private static readonly TimeSpan s_sweep = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    // In the order of their beginnings, so that the oldest go first.
    private readonly OrderedDictionary<string, KeptStream> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);
    private readonly ILogger _logger;
    private readonly UsageJournal _usage;
    private readonly string? _folder;
    private readonly ITimer _sweep;
    private readonly Func<IEnumerable<IStreamSources>> _sources;
    private long _bytes;

    /// <summary>Finds what an earlier server left.</summary>
    /// <param name="settings">The limits.</param>
    /// <param name="data">Where streams are stored.</param>
    /// <param name="sources">The endpoints that write them again.</param>
    /// <param name="usage">Learns of what will not be gone on with.</param>
    /// <param name="time">The server's clock.</param>
    /// <param name="logger">Learns of what cannot be stored.</param>
    public StreamRegistry(StreamSettings settings, DataFolder data, Func<IEnumerable<IStreamSources>> sources, UsageJournal usage, TimeProvider time, ILogger<StreamRegistry> logger)
    {
        (Settings, Time, _sources, _usage, _logger) = (settings, time, sources, usage, logger);
        try
        {
            _folder = data.Folder("streams");
            if (_folder is not null) Load(_folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(exception.Message);
        }

        _sweep = time.CreateTimer(static state => ((StreamRegistry)state!).Sweep(), this, s_sweep, s_sweep);
    }

    /// <summary>The limits.</summary>
    public StreamSettings Settings { get; }

    /// <summary>The server's clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The time.</summary>
    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>Bytes that are kept of all streams.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock) return _bytes;
        }
    }

    /// <summary>Ids of the streams that are kept.</summary>
    public IReadOnlyList<string> Ids
    {
        get
        {
            lock (_lock) return [.. _streams.Keys];
        }
    }

    /// <summary>Whether nobody reads a stream.</summary>
    /// <param name="id">Its id.</param>
    public bool IsIdle(string id)
    {
        lock (_lock) return !_streams.TryGetValue(id, out KeptStream? stream) || stream.IsIdle;
    }

    /// <summary>Begins a stream, with one reader counted in.</summary>
    /// <param name="record">What is stored of it.</param>
    /// <param name="source">What is written to it; disposed of here if it cannot be.</param>
    /// <returns>The stream and its log; or why there is none.</returns>
    public async Task<(KeptStream? Stream, StreamLog? Log, ApiError? Error)> BeginAsync(StreamRecord record, StreamSource source)
    {
        if (!MakePlace())
        {
            await source.Generation.DisposeAsync();
            return (null, null, StreamErrors.TooMany);
        }

        var stream = new KeptStream(this, record.Id, Store(record), null, _logger);
        stream.Enter();
        lock (_lock)
        {
            _streams.Add(record.Id, stream);
            _owners.Add(record.Id, record.KeyHash);
            _bytes += stream.Bytes;
        }

        return (stream, stream.Start(source, again: false), null);
    }

    /// <summary>Finds a stream, with one reader counted in.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="keyHash">Who asks; another's stream is not found.</param>
    public KeptStream? Find(string id, string keyHash)
    {
        lock (_lock)
        {
            if (!_streams.TryGetValue(id, out KeptStream? stream) || !IsOwner(id, keyHash)) return null;
            if (IsExpired(stream))
            {
                Remove(stream);
                return null;
            }

            stream.Enter();
            return stream;
        }
    }

    /// <summary>Cancels a stream; one that has ended is no longer kept.</summary>
    /// <param name="stream">The stream.</param>
    public void Cancel(KeptStream stream)
    {
        if (stream.IsRunning)
        {
            stream.Cancel();
            return;
        }

        lock (_lock) Remove(stream);
    }

    /// <summary>Takes a stream's request on again.</summary>
    /// <param name="record">The stream.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(StreamSource? Source, ApiError? Error)> SourceAsync(StreamRecord record, CancellationToken cancellationToken)
        => _sources().FirstOrDefault(source => source.Path == record.Path) is { } endpoint ? await endpoint.RestoreAsync(record, cancellationToken) : (null, StreamErrors.Changed);

    /// <summary>Counts bytes that a stream's log is to grow by; what ended makes room where there is none.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="bytes">The bytes.</param>
    /// <returns>Whether there is room.</returns>
    public bool TryCharge(KeptStream stream, int bytes)
    {
        lock (_lock)
        {
            if (!_streams.TryGetValue(stream.Id, out KeptStream? kept) || kept != stream) return false;
            if (_bytes + bytes > Settings.Bytes) MakeRoom(bytes);
            if (_bytes + bytes > Settings.Bytes) return false;
            _bytes += bytes;
            stream.Bytes += bytes;
            return true;
        }
    }

    /// <summary>A stream has ended, and is kept for a time.</summary>
    /// <param name="stream">The stream.</param>
    public void Ended(KeptStream stream)
    {
        lock (_lock) stream.EndedAt = Now;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sweep.Dispose();
        lock (_lock)
        {
            foreach (KeptStream stream in _streams.Values)
            {
                // They stay on the list: what is not on it may not be written to any more, and would lose its file.
                stream.Interrupt();
                stream.Dispose();
            }
        }
    }

    private void Load(string folder)
    {
        // One that was cut is kept as long as one that ends now: its clients could not come before.
        foreach ((StreamFile file, DateTimeOffset ended) in StreamFile.All(folder).Select(file => (file, file.ReadEnd() ?? Now)).OrderBy(found => found.Item2))
        {
            bool keep = _streams.Count < Settings.Limit && _bytes + file.Bytes <= Settings.Bytes && ended + Settings.Keep > Now;
            if (!keep || file.Read().Record is not { } record)
            {
                file.Delete();
                continue;
            }

            var stream = new KeptStream(this, file.Id, file, ended, _logger);
            _streams.Add(file.Id, stream);
            _owners.Add(file.Id, record.KeyHash);
            _bytes += file.Bytes;
        }
    }

    private StreamFile? Store(StreamRecord record)
    {
        if (_folder is null || record.Fingerprint is null) return null;
        try
        {
            return StreamFile.Create(_folder, record);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogUnwritten(record.Id, exception.Message);
            return null;
        }
    }

    private bool MakePlace()
    {
        lock (_lock)
        {
            if (_streams.Count < Settings.Limit && _bytes < Settings.Bytes) return true;
            if (_bytes >= Settings.Bytes) MakeRoom(1);
            if (_streams.Count >= Settings.Limit && _streams.Values.FirstOrDefault(IsDone) is { } oldest) Remove(oldest);
            return _streams.Count < Settings.Limit && _bytes < Settings.Bytes;
        }
    }

    // Logs that can be written again go first, then whole streams.
    private void MakeRoom(long bytes)
    {
        foreach (KeptStream stream in _streams.Values)
        {
            if (_bytes + bytes <= Settings.Bytes) return;
            if (!IsDone(stream) || stream.Evict() is not long left) continue;
            _bytes -= stream.Bytes - left;
            stream.Bytes = left;
        }

        foreach (KeptStream stream in _streams.Values.Where(IsDone).ToList())
        {
            if (_bytes + bytes <= Settings.Bytes) return;
            Remove(stream);
        }
    }

    private void Sweep()
    {
        lock (_lock)
        {
            foreach (KeptStream stream in _streams.Values.Where(stream => stream.IsIdle && IsExpired(stream)).ToList()) Remove(stream);
        }
    }

    private bool IsOwner(string id, string keyHash) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(_owners[id]), Encoding.ASCII.GetBytes(keyHash));

    private static bool IsDone(KeptStream stream) => stream.IsIdle && !stream.IsRunning;

    private bool IsExpired(KeptStream stream) => !stream.IsRunning && stream.EndedAt is { } ended && ended + Settings.Keep <= Now;

    private void Remove(KeptStream stream)
    {
        if (!_streams.Remove(stream.Id)) return;
        _owners.Remove(stream.Id);
        _bytes -= stream.Bytes;
        stream.Forget();
        stream.Dispose();
        _usage.Add(new UsageAbandoned(stream.Id, _usage.Now));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stream {Id} ends with this process, it cannot be stored: {Reason}")]
    private partial void LogUnwritten(string id, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Streams of before cannot be read, and new ones not stored: {Reason}")]
    private partial void LogUnreadable(string reason);
}
