namespace Konko.Engine;

/// <summary>How an encoder is loaded and run.</summary>
public sealed record LocalEncoderOptions
{
    /// <summary>What metrics call the model.</summary>
    public string Name { get; init; } = "model";

    /// <summary>Threads of a step; 0 takes one for each processor.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Most tokens of a text; 0, or more than the model was made for, takes what the model was made for. Files do not
    /// say how long the texts were that a model was trained with: 256 for all-MiniLM-L6-v2, of a context of 512.
    /// </summary>
    public int MaxTokens { get; init; }

    /// <summary>Most requests that wait for a text of theirs to be started.</summary>
    public int MaxQueued { get; init; } = 256;

    /// <summary>Most tokens of a step, but that a step always has room for one text.</summary>
    public int MaxStepTokens { get; init; } = 512;

    /// <summary>How long a request may wait to start.</summary>
    public TimeSpan QueueDeadline { get; init; } = TimeSpan.FromMinutes(1);
}
