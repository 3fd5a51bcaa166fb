using Konko.Streaming;

namespace Konko;

/// <summary>What can be done with a whole stream.</summary>
public static class KonkoStreamExtensions
{
    /// <summary>Reads a stream to its end and puts the whole answer together: texts, thoughts, tool calls, log-probabilities, usage.</summary>
    /// <param name="stream">The stream, not read yet.</param>
    /// <param name="cancellationToken">Stops the reading, and the work at the server.</param>
    /// <exception cref="KonkoException">The stream failed before its end.</exception>
    public static async Task<ChatCompletion> ToCompletionAsync(this KonkoStream<ChatCompletionChunk> stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var fold = new ChatFold();
        await foreach (ChatCompletionChunk chunk in stream.WithCancellation(cancellationToken).ConfigureAwait(false)) fold.Add(chunk);
        return fold.Completion();
    }
}
