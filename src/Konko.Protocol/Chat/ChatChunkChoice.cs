namespace Konko.Protocol.Chat;

/// <summary>What a chunk adds to a choice.</summary>
public sealed record ChatChunkChoice
{
    /// <summary>0 … n − 1.</summary>
    public required int Index { get; init; }

    /// <summary>What is added to the message.</summary>
    public required ChatDelta Delta { get; init; }

    /// <summary>The token's log-probabilities; null unless asked for.</summary>
    public required ChatLogprobs? Logprobs { get; init; }

    /// <summary>Why the choice ended, on its last chunk.</summary>
    public required string? FinishReason { get; init; }
}
