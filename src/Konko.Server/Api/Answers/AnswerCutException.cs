namespace Konko.Server.Api.Answers;

/// <summary>
/// Ends a stream that has told its error so that it does not look complete: thrown through the server, it sends what
/// was flushed and then closes the connection without the last chunk (HTTP/1.1) or resets the stream (HTTP/2).
/// </summary>
/// <remarks>Aborting the connection does not do: it drops what has not yet left, the error's event above all.</remarks>
internal sealed class AnswerCutException() : Exception("A stream ended in an error, which its reader was told.");
