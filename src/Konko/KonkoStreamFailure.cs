namespace Konko;

/// <summary>How a stream failed.</summary>
public enum KonkoStreamFailure
{
    /// <summary>The server sent an error as an event; its words are in the exception.</summary>
    ServerError,

    /// <summary>The stream ended, cleanly or not, without <c>[DONE]</c>.</summary>
    Truncated,

    /// <summary>An event was no JSON of the expected shape, or beyond all size.</summary>
    Malformed,
}
