namespace Konko.Engine.Scheduling;

/// <summary>Why a request that had been taken could not be finished.</summary>
public enum GenerationFailure
{
    /// <summary>The model threw in a step that the request shared.</summary>
    Forward,

    /// <summary>A token could not be drawn from the model's logits, or a prompt token not scored.</summary>
    Sampling,

    /// <summary>The request waited longer than the queue's deadline and never started.</summary>
    QueueDeadline,

    /// <summary>The machine has no memory left for the request's keys and values.</summary>
    OutOfMemory,

    /// <summary>The scheduler was stopped before the request's end.</summary>
    Stopped,

    /// <summary>The scheduler itself failed.</summary>
    Internal,
}
