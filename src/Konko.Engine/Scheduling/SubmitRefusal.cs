namespace Konko.Engine.Scheduling;

/// <summary>Why a request was not taken.</summary>
public enum SubmitRefusal
{
    /// <summary>As many requests wait as may; later there may be room.</summary>
    QueueFull,

    /// <summary>One choice alone needs more pages than the KV cache may ever have.</summary>
    TooLarge,

    /// <summary>The scheduler is stopping.</summary>
    Stopping,
}
