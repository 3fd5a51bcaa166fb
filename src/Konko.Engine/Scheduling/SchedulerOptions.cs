using Konko.Engine.Scheduling.Drafting;

namespace Konko.Engine.Scheduling;

/// <summary>Limits of a scheduler. No setting changes an answer, only when it comes.</summary>
public sealed record SchedulerOptions
{
    /// <summary>What the metrics call the model.</summary>
    public string Name { get; init; } = "model";

    /// <summary>Most bytes of the KV cache, at least one page's.</summary>
    public required long KvBytes { get; init; }

    /// <summary>Most sequences that run together; every choice of a request is one. At least 1; the model's step may allow fewer.</summary>
    public int MaxRunning { get; init; } = 32;

    /// <summary>Most requests that wait to start; at least 1.</summary>
    public int MaxQueued { get; init; } = 256;

    /// <summary>Most prompt tokens of one step, over all sequences; at least 1.</summary>
    public int PrefillTokenBudget { get; init; } = 512;

    /// <summary>The same for steps in which sequences decode: what bounds the gap between their tokens; at least 1.</summary>
    public int PrefillTokensBesideDecoding { get; init; } = 512;

    /// <summary>Most prompt tokens of one sequence in a step; at least 1.</summary>
    public int PrefillChunk { get; init; } = 512;

    /// <summary>Most drafted tokens of a sequence in a step, where a draft promises to pay; 0 drafts nothing.</summary>
    public int DraftTokens { get; init; } = SequenceDraft.MaxTokens;

    /// <summary>How long a request may wait to start; <see cref="Timeout.InfiniteTimeSpan"/> is for ever.</summary>
    public TimeSpan QueueDeadline { get; init; } = TimeSpan.FromMinutes(1);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRunning, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxQueued, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(PrefillTokenBudget, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(PrefillTokensBesideDecoding, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(PrefillChunk, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(DraftTokens);
        if (QueueDeadline != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(QueueDeadline, TimeSpan.Zero);
    }
}
