namespace Konko.Http;

/// <summary>Ends a call that waits too long: for its first event, for a byte, or for its end. One timer a call, however many reads it has.</summary>
internal sealed class Watchdog : IDisposable
{
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _caller;
    private readonly object _gate = new();
    private readonly ITimer _timer;
    private KonkoTimeout _waitsFor;
    private TimeSpan _limit;
    private long _since;
    private bool _reading = true;
    private bool _disposed;

    public Watchdog(TimeProvider time, KonkoTimeout waitsFor, TimeSpan limit, CancellationToken caller)
    {
        (_time, _waitsFor, _limit, _caller) = (time, waitsFor, limit, caller);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _since = time.GetTimestamp();
        _timer = time.CreateTimer(static watchdog => ((Watchdog)watchdog!).Check(), this, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled by the caller or by the clock.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Whether the clock was it.</summary>
    public bool Expired { get; private set; }

    /// <summary>What is to be thrown for a wait that the clock ended.</summary>
    public KonkoTimeoutException Failure(Exception inner) => new(_waitsFor, _limit, inner);

    /// <summary>Whether an exception is this clock's doing and not the caller's.</summary>
    public bool Caused(Exception exception) => Expired && !_caller.IsCancellationRequested && exception is OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException;

    /// <summary>From now on a silence counts, in place of what was waited for. To be called between reads.</summary>
    public void ListenForSilence(TimeSpan limit)
    {
        lock (_gate)
        {
            if (_disposed) return;
            (_waitsFor, _limit, _since, _reading) = (KonkoTimeout.Silence, limit, _time.GetTimestamp(), false);
            _timer.Change(limit, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>A read begins: the silence is counted from here, for what the reader did before is no silence of the server.</summary>
    public void BeginRead()
    {
        if (_waitsFor == KonkoTimeout.Silence) Volatile.Write(ref _since, _time.GetTimestamp());
        Volatile.Write(ref _reading, true);
    }

    /// <summary>A read has ended.</summary>
    public void EndRead() => Volatile.Write(ref _reading, _waitsFor != KonkoTimeout.Silence);

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            _timer.Dispose();
        }

        _stop.Dispose();
    }

    /// <summary>The timer is not moved at every read: it looks how long the last one is ago, and comes back for the rest.</summary>
    private void Check()
    {
        lock (_gate)
        {
            if (_disposed) return;
            TimeSpan rest = Volatile.Read(ref _reading) ? _limit - _time.GetElapsedTime(Volatile.Read(ref _since)) : _limit;
            if (rest > TimeSpan.Zero)
            {
                // A timer of whole milliseconds would come back too early again and again.
                _timer.Change(rest + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                return;
            }

            Expired = true;
        }

        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call has ended in this very moment.
        }
    }
}
