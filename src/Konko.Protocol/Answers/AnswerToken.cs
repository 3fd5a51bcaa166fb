namespace Konko.Protocol.Answers;

/// <summary>The sampled token of a chunk.</summary>
public sealed record AnswerToken
{
    /// <summary>The token id.</summary>
    public required int Id { get; init; }

    /// <summary>The text that it completed; empty while a character is incomplete; a special token's literal text.</summary>
    public required string Text { get; init; }

    /// <summary>ln p under the distribution it was drawn from.</summary>
    public required float Logprob { get; init; }

    /// <summary>Whether it is a special token.</summary>
    public required bool Special { get; init; }
}
