namespace Konko.Engine.Scheduling;

/// <summary>Limits of an <see cref="EmbeddingScheduler"/>. No setting changes a vector, only when it comes.</summary>
public sealed record EmbeddingSchedulerOptions
{
    /// <summary>What the metrics call the model.</summary>
    public string Name { get; init; } = "model";

    /// <summary>Most tokens of a text; 0 is the model's context, and more is refused.</summary>
    public int MaxTokens { get; init; }

    /// <summary>Most tokens of a step, but that a step always has room for one text; at least 1.</summary>
    public int MaxStepTokens { get; init; } = 512;

    /// <summary>Most requests that wait for a text of theirs to be started; at least 1.</summary>
    public int MaxQueued { get; init; } = 256;

    /// <summary>How long a request may wait to start; <see cref="Timeout.InfiniteTimeSpan"/> is for ever.</summary>
    public TimeSpan QueueDeadline { get; init; } = TimeSpan.FromMinutes(1);

    internal void Validate(int contextLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxTokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxTokens, contextLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxStepTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxQueued, 1);
        if (QueueDeadline != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(QueueDeadline, TimeSpan.Zero);
    }
}
