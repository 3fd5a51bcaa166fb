namespace Konko.Protocol.Chat;

/// <summary>Log-probabilities of a chat answer's tokens.</summary>
public sealed record ChatLogprobs
{
    /// <summary>One entry a token.</summary>
    public required IReadOnlyList<ChatTokenLogprob> Content { get; init; }

    /// <summary>Always null: there are no separate refusals.</summary>
    public IReadOnlyList<ChatTokenLogprob>? Refusal { get; init; }
}
