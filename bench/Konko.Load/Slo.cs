namespace Konko.Load;

/// <summary>What a request must keep to be counted as good; null asks nothing.</summary>
/// <param name="FirstToken">Longest time to the first text.</param>
/// <param name="PerToken">Longest mean time of a token after the first.</param>
/// <param name="Total">Longest time to the end.</param>
internal sealed record Slo(TimeSpan? FirstToken, TimeSpan? PerToken, TimeSpan? Total)
{
    /// <summary>Whether anything is asked.</summary>
    public bool IsSet => FirstToken is not null || PerToken is not null || Total is not null;

    /// <summary>Whether the answer came whole and in time.</summary>
    /// <param name="record">The request.</param>
    public bool IsKept(StreamRecord record) =>
        record.End == StreamEnd.Done
        && !(record.FirstToken > FirstToken)
        && !(record.PerToken > PerToken)
        && !(record.Total > Total);
}
