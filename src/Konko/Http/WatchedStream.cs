namespace Konko.Http;

/// <summary>A response's body under a watchdog, with a limit for what comes without an event in it.</summary>
internal sealed class WatchedStream(Stream inner, Watchdog watchdog) : Stream
{
    /// <summary>Most bytes of one event: 16 MiB.</summary>
    public const int MostBytesPerEvent = 16 << 20;

    private long _sinceEvent;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>An event has been read.</summary>
    public void CountEvent() => _sinceEvent = 0;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        watchdog.BeginRead();
        int read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        watchdog.EndRead();
        _sinceEvent += read;
        if (_sinceEvent > MostBytesPerEvent + buffer.Length)
            throw new KonkoStreamException(KonkoStreamFailure.Malformed, $"An event of the stream is larger than {MostBytesPerEvent >> 20} MiB.");
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
