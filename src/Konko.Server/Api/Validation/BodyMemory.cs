namespace Konko.Server.Api.Validation;

/// <summary>
/// What the bodies of all requests together may hold in memory, from when they are read until they are answered. Small ones are
/// not counted: connections are limited, and they with them.
/// </summary>
/// <param name="limit">Most bytes.</param>
internal sealed class BodyMemory(long limit)
{
    /// <summary>Bytes of a body that are not counted.</summary>
    public const int Free = 64 << 10;

    private readonly Lock _lock = new();
    private long _used;

    /// <summary>Bytes that are counted now.</summary>
    public long Used
    {
        get
        {
            lock (_lock) return _used;
        }
    }

    /// <summary>Begins to count one body; disposing gives back what it held.</summary>
    public Share Begin() => new(this);

    private bool TryTake(long bytes)
    {
        lock (_lock)
        {
            if (_used + bytes > limit) return false;
            _used += bytes;
            return true;
        }
    }

    private void Return(long bytes)
    {
        lock (_lock) _used -= bytes;
    }

    /// <summary>What one body holds.</summary>
    internal sealed class Share(BodyMemory memory) : IDisposable
    {
        private long _held;

        /// <summary>Counts a body that has come so far; false where there is no room for it.</summary>
        /// <param name="bytes">Its bytes until now.</param>
        public bool TryGrow(long bytes)
        {
            long more = bytes - Free - _held;
            if (more <= 0) return true;
            if (!memory.TryTake(more)) return false;
            _held += more;
            return true;
        }

        /// <inheritdoc/>
        public void Dispose() => memory.Return(Interlocked.Exchange(ref _held, 0));
    }
}
