namespace Konko;

/// <summary>The tokens of a text.</summary>
public sealed record Tokenization
{
    /// <summary>How many there are.</summary>
    public int Count { get; init; }

    /// <summary>The model's context in tokens.</summary>
    public int? MaxModelLen { get; init; }

    /// <summary>The tokens' ids.</summary>
    public IReadOnlyList<int> Tokens { get; init => field = value ?? []; } = [];

    /// <summary>The tokens' literal texts, where asked for.</summary>
    public IReadOnlyList<string>? TokenStrs { get; init; }
}
