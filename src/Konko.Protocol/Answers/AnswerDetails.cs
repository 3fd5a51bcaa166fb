namespace Konko.Protocol.Answers;

/// <summary>How a choice came about, for callers that ask for <c>details</c>.</summary>
public sealed record AnswerDetails
{
    /// <summary><c>eos_token</c>, <c>stop_sequence</c> or <c>length</c>.</summary>
    public required string FinishReason { get; init; }

    /// <summary>Sampled tokens, an end token included.</summary>
    public required int GeneratedTokens { get; init; }

    /// <summary>Length of the prompt in tokens; null where an upstream did not say.</summary>
    public int? InputLength { get; init; }

    /// <summary>The seed; null where an upstream did not say.</summary>
    public long? Seed { get; init; }
}
