using Konko.Engine.Cache;

namespace Konko.Engine;

/// <summary>How a model is loaded and run.</summary>
public sealed record LocalModelOptions
{
    /// <summary>What metrics call the model.</summary>
    public string Name { get; init; } = "model";

    /// <summary>Threads of a step; 0 takes one for each processor.</summary>
    public int Threads { get; init; }

    /// <summary>Most positions of a sequence; 0, or more than the model was made for, takes what the model was made for.</summary>
    public int ContextLength { get; init; }

    /// <summary>Most requests that wait to start.</summary>
    public int MaxQueued { get; init; } = 256;

    /// <summary>Most sequences that run together.</summary>
    public int MaxRunning { get; init; } = 32;

    /// <summary>Most tokens of a step.</summary>
    public int MaxStepTokens { get; init; } = 512;

    /// <summary>Most prompt tokens of one sequence in a step; a long prompt delays others by no more than such a chunk.</summary>
    public int PrefillChunk { get; init; } = 512;

    /// <summary>Most prompt tokens of a step in which other sequences decode: a few weight reads more for a prompt, a short gap for the others.</summary>
    public int PrefillTokensBesideDecoding { get; init; } = 128;

    /// <summary>Guesses tokens from the text so far and computes several at once where that pays; answers are the same without.</summary>
    public bool Drafting { get; init; } = true;

    /// <summary>Most bytes of the KV cache, committed page by page; 0 takes a gigabyte, or a quarter of the machine's memory if that is less, but what one full context needs at least.</summary>
    public long KvBytes { get; init; }

    /// <summary>Element type of the KV cache.</summary>
    public KvType KvType { get; init; } = KvType.BFloat16;

    /// <summary>The source of a chat template that takes the place of the file's own; null keeps that.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>How long a request may wait to start.</summary>
    public TimeSpan QueueDeadline { get; init; } = TimeSpan.FromMinutes(1);
}
