namespace Konko.Protocol.Responses;

/// <summary>What a response cost, in tokens.</summary>
public sealed record ResponseUsage
{
    /// <summary>Tokens of the prompt.</summary>
    public required int InputTokens { get; init; }

    /// <summary>More about them.</summary>
    public required ResponseInputDetails InputTokensDetails { get; init; }

    /// <summary>Sampled tokens, end tokens included.</summary>
    public required int OutputTokens { get; init; }

    /// <summary>More about them.</summary>
    public required ResponseOutputDetails OutputTokensDetails { get; init; }

    /// <summary>The sum of both.</summary>
    public required int TotalTokens { get; init; }
}

/// <summary>More about the prompt's tokens.</summary>
/// <param name="CachedTokens">Those that came from the prefix cache.</param>
public sealed record ResponseInputDetails(int CachedTokens);

/// <summary>More about the sampled tokens.</summary>
/// <param name="ReasoningTokens">Those before the answer began, where the model thought aloud.</param>
public sealed record ResponseOutputDetails(int ReasoningTokens);
