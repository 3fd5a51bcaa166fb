using System.Diagnostics;

namespace Konko.Load;

/// <summary>One request, as its client saw it. Times are <see cref="Stopwatch"/> time stamps.</summary>
internal sealed record StreamRecord
{
    /// <summary>How it ended.</summary>
    public required StreamEnd End { get; init; }

    /// <summary>When it should have been sent.</summary>
    public required long Due { get; init; }

    /// <summary>When it was sent.</summary>
    public required long Sent { get; init; }

    /// <summary>When each chunk that holds text came.</summary>
    public required IReadOnlyList<long> Chunks { get; init; }

    /// <summary>When it was over.</summary>
    public required long Ended { get; init; }

    /// <summary>What the server says it generated; null where it says nothing.</summary>
    public int? CompletionTokens { get; init; }

    /// <summary>What the server says the prompt had.</summary>
    public int? PromptTokens { get; init; }

    /// <summary>What an error said.</summary>
    public string? Message { get; init; }

    /// <summary>Tokens of the answer: what the server counted (a chunk may hold several, or text may come a token late), else one a chunk.</summary>
    public int Tokens => CompletionTokens ?? Chunks.Count;

    /// <summary>From when it was due to its first text; null if none came.</summary>
    public TimeSpan? FirstToken => Chunks.Count == 0 ? null : Stopwatch.GetElapsedTime(Due, Chunks[0]);

    /// <summary>From when it was due to its end.</summary>
    public TimeSpan Total => Stopwatch.GetElapsedTime(Due, Ended);

    /// <summary>How late it was sent: the fault of the load, not of the server.</summary>
    public TimeSpan Late => Stopwatch.GetElapsedTime(Due, Sent);

    /// <summary>From each chunk to the next.</summary>
    public IEnumerable<TimeSpan> Gaps => Chunks.Zip(Chunks.Skip(1), Stopwatch.GetElapsedTime);

    /// <summary>The mean time of a token after the first; null of a single one.</summary>
    public TimeSpan? PerToken => Chunks.Count < 2 || Tokens < 2 ? null : Stopwatch.GetElapsedTime(Chunks[0], Chunks[^1]) / (Tokens - 1);

    /// <summary>Tokens that came up to a time stamp.</summary>
    public double TokensUntil(long end) => Chunks.Count == 0 ? 0 : (double)Tokens * Chunks.Count(chunk => chunk <= end) / Chunks.Count;
}
