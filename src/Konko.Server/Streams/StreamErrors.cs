using System.Buffers;
using Konko.Protocol;
using Konko.Protocol.Sse;
using Konko.Server.Api.Errors;

namespace Konko.Server.Streams;

/// <summary>What is said of streams that cannot be had, or not to their end.</summary>
internal static class StreamErrors
{
    /// <summary>Cancelled by its caller, or because nobody read it.</summary>
    public static ApiError Cancelled { get; } = new(400, "The stream was cancelled.", ErrorTypes.InvalidRequest, null, "cancelled");

    /// <summary>The server stops; another goes on.</summary>
    public static ApiError Interrupted { get; } = new(503, "The server shut down before this answer was complete. GET /v1/streams/{id} goes on with it once the server is back.", ErrorTypes.Server, null, "interrupted");

    /// <summary>It would not be the same answer.</summary>
    public static ApiError Changed { get; } = new(500, "The server was restarted with another model, engine or configuration, and cannot go on with this answer. Send the request again.", ErrorTypes.Server, null, "not_resumable");

    /// <summary>No more room.</summary>
    public static ApiError OutOfMemory { get; } = new(503, "The memory for resumable streams is full.", ErrorTypes.Server, null, "overloaded");

    /// <summary>No place for one more.</summary>
    public static ApiError TooMany { get; } = new(429, "There are too many resumable streams. Try again in a moment, or without 'resumable'.", ErrorTypes.RateLimit, null, "overloaded") { RetryAfter = TimeSpan.FromSeconds(5) };

    /// <summary>404, whether it never was, expired, or is another key's.</summary>
    public static ApiError NotFound { get; } = new(404, "There is no such stream here: it never was, it expired, or it was begun with another key.", ErrorTypes.InvalidRequest, null, "stream_not_found");

    /// <summary>400: the number is none, or one that the stream has not.</summary>
    /// <param name="message">What is wrong.</param>
    public static ApiError LastEventId(string message) => ApiError.InvalidRequest("Last-Event-ID", message);

    /// <summary>An error as an event.</summary>
    /// <param name="error">The error.</param>
    public static byte[] Event(ApiError error)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var events = new SseWriter(buffer);
        events.WriteEvent(ErrorWriter.ToResponse(error), WireJson.Default.ErrorResponse);
        return buffer.WrittenSpan.ToArray();
    }
}
