namespace Konko.Engine.Scheduling;

/// <summary>Requests that wait to start, first come, first served. Anyone adds, the scheduler's thread takes and sleeps here.</summary>
/// <param name="limit">Most requests that may wait.</param>
/// <param name="deadline">How long one may wait; <see cref="Timeout.InfiniteTimeSpan"/> is for ever.</param>
/// <param name="time">Tells how long one has waited.</param>
internal sealed class RequestQueue(int limit, TimeSpan deadline, TimeProvider time)
{
    private readonly object _gate = new();
    private readonly List<RequestState> _requests = [];
    private long _tickets;
    private bool _closed;

    /// <summary>Number of requests that wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _requests.Count;
        }
    }

    /// <summary>Adds a request and wakes the scheduler, or says why not.</summary>
    public SubmitRefusal? TryAdd(RequestState request)
    {
        lock (_gate)
        {
            if (_closed) return SubmitRefusal.Stopping;
            if (_requests.Count >= limit) return SubmitRefusal.QueueFull;
            request.Ticket = ++_tickets;
            _requests.Add(request);
            Monitor.Pulse(_gate);
            return null;
        }
    }

    /// <summary>Takes no more requests; those that wait stay.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Sleeps until a request waits.</summary>
    /// <returns>False once the queue is closed and empty.</returns>
    public bool Wait()
    {
        lock (_gate)
        {
            while (_requests.Count == 0 && !_closed) Monitor.Wait(_gate);
            return _requests.Count > 0;
        }
    }

    /// <summary>The request that has waited longest, or null.</summary>
    public RequestState? Peek()
    {
        lock (_gate) return _requests.Count > 0 ? _requests[0] : null;
    }

    /// <summary>Takes the request that <see cref="Peek"/> showed.</summary>
    public void Take()
    {
        lock (_gate) _requests.RemoveAt(0);
    }

    /// <summary>Ends the requests that nobody wants any more and those that have waited too long.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            for (int i = _requests.Count - 1; i >= 0; i--)
            {
                RequestState request = _requests[i];
                if (request.IsWhollyCancelled)
                {
                    _requests.RemoveAt(i);
                    request.End();
                }
                else if (deadline != Timeout.InfiniteTimeSpan && time.GetElapsedTime(request.Submitted) > deadline)
                {
                    _requests.RemoveAt(i);
                    request.Fail(GenerationFailure.QueueDeadline, "The request waited too long to be started.");
                }
            }
        }
    }
}
