namespace Konko;

/// <summary>The server said no: a status of 400 or more.</summary>
public sealed class KonkoApiException : KonkoException
{
    internal KonkoApiException(string message) : base(message, null)
    {
    }

    /// <summary>How long the server asks to wait before another try; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The answer as it came.</summary>
    public required RawResponse Response { get; init; }
}
