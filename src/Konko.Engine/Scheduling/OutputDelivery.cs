namespace Konko.Engine.Scheduling;

/// <summary>
/// Hands the outputs of a step to their readers, on a thread of its own: one wake-up a step however many streams it
/// served, and none of the pool's threads that spin for more work on cores which the next step wants. What one step
/// gave a request, say a drafted quote, goes to its reader as one <see cref="OutputRun"/>.
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

    private OutputRun Together(int first, int count)
    {
        var outputs = new GenerationOutput[count];
        for (int i = 0; i < count; i++) outputs[i] = _sent[first + i].Output!;
        return new OutputRun(outputs);
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

            for (int i = 0, next; i < _sent.Count; i = next)
            {
                (RequestState request, GenerationOutput? output, Exception? error) = _sent[i];
                next = i + 1;
                if (output is null)
                {
                    request.DeliverEnd(error);
                    continue;
                }

                while (next < _sent.Count && _sent[next].Request == request && _sent[next].Output is not null) next++;
                request.Deliver(next - i == 1 ? output : Together(i, next - i));
            }

            _sent.Clear();
        }
    }
}
