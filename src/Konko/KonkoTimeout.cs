namespace Konko;

/// <summary>What a <see cref="KonkoTimeoutException"/> waited for.</summary>
public enum KonkoTimeout
{
    /// <summary>A connection.</summary>
    Connect,

    /// <summary>The first event of a stream.</summary>
    FirstToken,

    /// <summary>A further byte of a stream.</summary>
    Silence,

    /// <summary>A whole answer.</summary>
    Answer,
}
