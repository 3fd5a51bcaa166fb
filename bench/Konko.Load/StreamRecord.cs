namespace Konko.Load;

/// <summary>One request, as its client saw it.</summary>
/// <param name="End">How it ended.</param>
/// <param name="FirstToken">From when it was due to its first token; null if none came.</param>
/// <param name="Gaps">From each token to the next.</param>
/// <param name="Total">From when it was due to its end.</param>
/// <param name="Message">What an error said.</param>
internal sealed record StreamRecord(StreamEnd End, TimeSpan? FirstToken, IReadOnlyList<TimeSpan> Gaps, TimeSpan Total, string? Message = null)
{
    /// <summary>Tokens that arrived.</summary>
    public int Tokens => FirstToken is null ? 0 : Gaps.Count + 1;
}
