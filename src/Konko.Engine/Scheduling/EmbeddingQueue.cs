using Konko.Engine.Models;

namespace Konko.Engine.Scheduling;

/// <summary>Requests with texts that have not started. Anyone adds, the scheduler's thread takes and sleeps here.</summary>
/// <remarks>A request gives one text, then goes to the end of the queue: a long list delays a single text by one of its own, not by all.</remarks>
/// <param name="limit">Most requests that may wait.</param>
/// <param name="deadline">How long one may wait to start; <see cref="Timeout.InfiniteTimeSpan"/> is for ever.</param>
/// <param name="time">Tells how long one has waited.</param>
internal sealed class EmbeddingQueue(int limit, TimeSpan deadline, TimeProvider time)
{
    private readonly object _gate = new();
    private readonly Queue<EmbeddingState> _requests = [];
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
    public SubmitRefusal? TryAdd(EmbeddingState request)
    {
        lock (_gate)
        {
            if (_closed) return SubmitRefusal.Stopping;
            // Those that were given up leave at the next step; until then they hold no place.
            if (_requests.Count >= limit) Sweep();
            if (_requests.Count >= limit) return SubmitRefusal.QueueFull;
            _requests.Enqueue(request);
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

    /// <summary>Fills a step, request after request in turn.</summary>
    /// <param name="batch">Receives the texts.</param>
    /// <param name="tokens">Most tokens; a first text has room whatever its length.</param>
    /// <param name="owners">Receives each text's request.</param>
    public void Plan(EmbeddingBatch batch, int tokens, List<EmbeddingState> owners)
    {
        batch.Clear();
        owners.Clear();
        lock (_gate)
        {
            Sweep();
            while (_requests.TryPeek(out EmbeddingState? request))
            {
                int[] next = request.Next;
                if (owners.Count > 0 && batch.Tokens.Length + next.Length > tokens) return;
                batch.Add(next, request.Start());
                owners.Add(request);
                _requests.Dequeue();
                if (!request.AllStarted) _requests.Enqueue(request);
            }
        }
    }

    /// <summary>Ends all that wait.</summary>
    public void FailAll(GenerationFailure failure, string message)
    {
        lock (_gate)
        {
            while (_requests.TryDequeue(out EmbeddingState? request)) request.Fail(failure, message);
        }
    }

    /// <summary>Removes the requests that are over and ends those that have waited too long.</summary>
    private void Sweep()
    {
        for (int i = _requests.Count; i > 0; i--)
        {
            EmbeddingState request = _requests.Dequeue();
            if (request.IsOver) request.Leave();
            else if (!request.HasStarted && deadline != Timeout.InfiniteTimeSpan && time.GetElapsedTime(request.Submitted) > deadline)
                request.Fail(GenerationFailure.QueueDeadline, "The request waited too long to be started.");
            else _requests.Enqueue(request);
        }
    }
}
