namespace Konko.Server.Usage;

/// <summary>What one request used.</summary>
internal sealed class UsageRow
{
    /// <summary>The answer's id.</summary>
    public required string Id { get; set; }

    /// <summary>SHA-256 of the caller's key, in hexadecimal; empty where it showed none.</summary>
    public required string KeyHash { get; set; }

    /// <summary>The model's canonical id.</summary>
    public required string Model { get; set; }

    /// <summary>The path of the endpoint.</summary>
    public required string Path { get; set; }

    /// <summary>Milliseconds since 1970 at which the request was admitted.</summary>
    public required long Begun { get; set; }

    /// <summary>Tokens of the prompts, counted once each.</summary>
    public int PromptTokens { get; set; }

    /// <summary>Sampled tokens over all choices.</summary>
    public int CompletionTokens { get; set; }

    /// <summary>Prompt tokens that came from the prefix cache.</summary>
    public int CachedTokens { get; set; }

    /// <summary>How it ended, of <see cref="UsageOutcome"/>; null while it has not.</summary>
    public string? Outcome { get; set; }

    /// <summary>Milliseconds since 1970 at which it was settled; null while it is not.</summary>
    public long? Settled { get; set; }
}
