namespace Konko;

/// <summary>Something took longer than <see cref="KonkoClientOptions"/> allow.</summary>
public sealed class KonkoTimeoutException : KonkoException
{
    internal KonkoTimeoutException(KonkoTimeout waitedFor, TimeSpan limit, Exception? inner)
        : base($"{Describe(waitedFor)} within {limit.TotalSeconds:0.###} s ({nameof(KonkoClientOptions)}.{waitedFor}Timeout).", inner) =>
        (WaitedFor, Limit) = (waitedFor, limit);

    /// <summary>What did not come.</summary>
    public KonkoTimeout WaitedFor { get; }

    /// <summary>How long it was waited for.</summary>
    public TimeSpan Limit { get; }

    private static string Describe(KonkoTimeout waitedFor) => waitedFor switch
    {
        KonkoTimeout.Connect => "No connection was established",
        KonkoTimeout.FirstToken => "The stream's first event did not come",
        KonkoTimeout.Silence => "The stream fell silent: no byte came",
        _ => "The answer was not whole",
    };
}
