namespace Konko.Protocol.Completions;

/// <summary>Log-probabilities of a text's tokens, as parallel lists.</summary>
public sealed record CompletionLogprobs
{
    /// <summary>Where each token begins in the choice's text, in Unicode scalar values.</summary>
    public required IReadOnlyList<int> TextOffset { get; init; }

    /// <summary>ln p of each token; null for the first of an echoed prompt.</summary>
    public required IReadOnlyList<float?> TokenLogprobs { get; init; }

    /// <summary>Each token's text; bytes that are no whole character are spelled <c>bytes:\xf0\x9f</c>.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>For each token the best alternatives and the token itself, by text; null for the first of an echoed prompt.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, float>?> TopLogprobs { get; init; }
}
