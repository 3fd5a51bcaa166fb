using Konko.Streaming;

namespace Konko;

/// <summary>
/// A streamed answer. The request is sent when the reading begins; the answer can be read once. Leaving the loop ends the
/// request at the server.
/// </summary>
/// <remarks>The loop ends only after the server has said that the answer is whole. In every other case it throws a <see cref="KonkoException"/>.</remarks>
/// <typeparam name="T">Type of the chunks.</typeparam>
public sealed class KonkoStream<T> : IAsyncEnumerable<T> where T : class
{
    private readonly StreamReading<T> _reading;
    private int _begun;

    internal KonkoStream(StreamReading<T> reading) => _reading = reading;

    /// <summary>Status and headers of the answer; null until the first chunk has been read.</summary>
    public RawResponse? Response => _reading.Response;

    /// <summary>Reads the answer.</summary>
    /// <param name="cancellationToken">Stops the reading, and the work at the server.</param>
    /// <exception cref="InvalidOperationException">It has been read already.</exception>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0)
            throw new InvalidOperationException("A stream can be read once: to read it again would ask, and pay, for another answer.");
        return _reading.RunAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }
}
