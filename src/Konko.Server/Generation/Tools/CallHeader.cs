namespace Konko.Server.Generation.Tools;

/// <summary>What a stretch of text that may begin a call turned out to be.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">How many characters of it that takes: up to where the arguments begin, or the whole call.</param>
internal readonly record struct CallHeader(CallHeaderKind Kind, int Length = 0)
{
    /// <summary>The function's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The arguments' JSON, of a whole call.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>How the arguments are written.</summary>
    public ArgumentForm Form { get; init; }

    /// <summary>Objects that are still to be closed after the arguments.</summary>
    public int Depth { get; init; }

    /// <summary>Whether a list was opened before the call.</summary>
    public bool OpensList { get; init; }
}

/// <summary>What a stretch of text is.</summary>
internal enum CallHeaderKind
{
    /// <summary>It cannot be told yet.</summary>
    More,

    /// <summary>No call.</summary>
    None,

    /// <summary>A call whose arguments begin after it.</summary>
    Open,

    /// <summary>A whole call.</summary>
    Whole,

    /// <summary>Markup before a text that is no call; no part of the text.</summary>
    Markup,
}
