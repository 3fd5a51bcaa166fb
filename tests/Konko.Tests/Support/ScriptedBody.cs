using System.Text;

namespace Konko.Tests.Support;

/// <summary>A body that comes piece by piece: texts and bytes; <see cref="Hang"/> for a silence without end; an exception for a cut.</summary>
internal sealed class ScriptedBody(object[] pieces) : Stream
{
    private readonly Queue<object> _pieces = new(pieces);
    private readonly TaskCompletionSource _hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReadOnlyMemory<byte> _rest;

    /// <summary>Nothing comes any more, and the connection stays.</summary>
    public static object Hang { get; } = new();

    /// <summary>Done when somebody waits in the silence.</summary>
    public Task Hangs => _hangs.Task;

    public bool IsDisposed { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_rest.IsEmpty)
        {
            if (!_pieces.TryDequeue(out object? piece)) return 0;
            if (piece is Exception exception) throw exception;
            if (piece == Hang)
            {
                _hangs.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            _rest = piece as byte[] ?? Encoding.UTF8.GetBytes((string)piece);
        }

        int read = Math.Min(buffer.Length, _rest.Length);
        _rest[..read].CopyTo(buffer);
        _rest = _rest[read..];
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
