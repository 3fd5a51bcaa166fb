namespace Konko.Load;

/// <summary>How a request ended.</summary>
internal enum StreamEnd
{
    /// <summary>In <c>[DONE]</c>.</summary>
    Done,

    /// <summary>We went away, as planned.</summary>
    Vanished,

    /// <summary>Refused before it began (429 or 503): the server said that it had no room.</summary>
    Refused,

    /// <summary>An error, as a status or as the last event.</summary>
    Error,

    /// <summary>The stream stopped without <c>[DONE]</c> and without an error.</summary>
    Cut,
}
