namespace Konko.Server.Usage;

/// <summary>How a request ended, as the store spells it.</summary>
internal static class UsageOutcome
{
    /// <summary>The answer is complete.</summary>
    public const string Finished = "finished";

    /// <summary>It ended in an error.</summary>
    public const string Failed = "failed";

    /// <summary>Its client went away, or cancelled it.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The server ended before it, and nobody went on with it; what was sampled is not known.</summary>
    public const string Interrupted = "interrupted";
}
