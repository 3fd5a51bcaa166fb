namespace Konko.Protocol.Answers;

/// <summary>Where the time of a choice went.</summary>
public sealed record AnswerStats
{
    /// <summary>From the request's arrival to the choice's end.</summary>
    public required AnswerDuration TotalTime { get; init; }

    /// <summary>Parsing and validating.</summary>
    public required AnswerDuration ValidationTime { get; init; }

    /// <summary>Waiting for a place in the batch.</summary>
    public required AnswerDuration QueueTime { get; init; }

    /// <summary>Prefill and decode.</summary>
    public required AnswerDuration InferenceTime { get; init; }

    /// <summary>Inference for each generated token.</summary>
    public required AnswerDuration TimePerToken { get; init; }
}
