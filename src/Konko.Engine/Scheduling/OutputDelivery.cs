namespace Konko.Engine.Scheduling;

/// <summary>
/// Hands the outputs of a step to their readers, on a thread of its own: one wake-up a step however many streams it
/// served, and none of the pool's threads that spin for more work on cores which the next step wants.
/// </summary>
/// <remarks>A reader's continuation runs on this thread, so it must not block there.</remarks>
internal sealed class OutputDelivery : IDisposable
{
    private readonly object _gate = new();
    private List<(RequestState Request, GenerationOutput? Output, Exception? Error)> _added = [];
    private List<(RequestState Request, GenerationOutput? Output, Exception? Error)> _sent = [];
    private bool _due;
    private bool _closed;

    /// <summary>Starts the thread.</summary>
    public OutputDelivery() => new Thread(Run) { Name = "konko delivery", IsBackground = true }.Start();

    /// <summary>Adds an output to those that the next call of <see cref="Send"/> sends.</summary>
    public void Add(RequestState request, GenerationOutput output)
    {
        lock (_gate) _added.Add((request, output, null));
    }

    /// <summary>Adds the end of a request's outputs.</summary>
    /// <param name="request">The request.</param>
    /// <param name="error">Why they ended early; null where they did not.</param>
    public void End(RequestState request, Exception? error)
    {
        lock (_gate) _added.Add((request, null, error));
    }

    /// <summary>Sends what was added.</summary>
    public void Send()
    {
        lock (_gate)
        {
            if (_added.Count == 0) return;
            _due = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Sends what was added, and ends the thread behind it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = _due = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        while (true)
        {
            lock (_gate)
            {
                while (!_due && !_closed) Monitor.Wait(_gate);
                if (_added.Count == 0 && _closed) return;
                (_added, _sent) = (_sent, _added);
                _due = false;
            }

            foreach ((RequestState request, GenerationOutput? output, Exception? error) in _sent)
            {
                if (output is not null) request.Deliver(output);
                else request.DeliverEnd(error);
            }

            _sent.Clear();
        }
    }
}
