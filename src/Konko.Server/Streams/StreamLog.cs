namespace Konko.Server.Streams;

/// <summary>The rendered events of one stream, written by one and followed by any number of readers.</summary>
internal sealed class StreamLog
{
    private readonly Lock _lock = new();
    private readonly List<byte[]> _events = [];
    private TaskCompletionSource _changed = NewSignal();
    private StreamEnd _end;
    private byte[]? _breakage;

    /// <summary>Whether it is written again from the start, so that readers may know more of it than it has yet.</summary>
    public bool IsAgain { get; init; }

    /// <summary>Events so far, the terminal one included.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _events.Count;
        }
    }

    /// <summary>How it ended.</summary>
    public StreamEnd End
    {
        get
        {
            lock (_lock) return _end;
        }
    }

    /// <summary>Adds rendered events, each of which ends in a blank line.</summary>
    /// <param name="rendered">The bytes, whole events.</param>
    /// <param name="end">How the log ends with them, if it does.</param>
    public void Append(ReadOnlySpan<byte> rendered, StreamEnd end = StreamEnd.None)
    {
        lock (_lock)
        {
            while (!rendered.IsEmpty)
            {
                int length = rendered.IndexOf("\n\n"u8) + 2;
                if (length < 2) throw new ArgumentException("The last event has no blank line behind it.", nameof(rendered));
                _events.Add(rendered[..length].ToArray());
                rendered = rendered[length..];
            }

            _end = end;
        }

        Signal();
    }

    /// <summary>Ends the log with an event that is none of the answer's: it gets no number of its own, so that whoever saw it can still go on where the answer was left.</summary>
    /// <param name="rendered">The event.</param>
    public void Break(byte[] rendered)
    {
        lock (_lock) (_breakage, _end) = (rendered, StreamEnd.Broken);
        Signal();
    }

    /// <summary>The events behind one, as many as there are, up to a number of them.</summary>
    /// <param name="after">The event's number; 0 is the start.</param>
    /// <param name="most">Most events.</param>
    public StreamSlice Read(int after, int most)
    {
        lock (_lock)
        {
            int count = Math.Clamp(_events.Count - after, 0, most);
            bool last = after + count >= _events.Count;
            return new StreamSlice(
                count == 0 ? [] : _events.GetRange(after, count), last ? _end : StreamEnd.None, last ? _breakage : null, _changed.Task);
        }
    }

    private void Signal()
    {
        TaskCompletionSource changed;
        lock (_lock) (changed, _changed) = (_changed, NewSignal());
        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
