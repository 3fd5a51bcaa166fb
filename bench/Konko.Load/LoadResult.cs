using System.Diagnostics;

namespace Konko.Load;

/// <summary>All requests of a run.</summary>
/// <param name="Records">The load's.</param>
/// <param name="Beside">Those that arrived beside it.</param>
/// <param name="Start">When it began, as a <see cref="Stopwatch"/> time stamp.</param>
/// <param name="Window">How long new requests were made; null where a number of requests was to be answered, however long that took.</param>
internal sealed record LoadResult(IReadOnlyList<StreamRecord> Records, IReadOnlyList<StreamRecord> Beside, long Start, TimeSpan? Window)
{
    /// <summary>From the start to the last end.</summary>
    public TimeSpan Elapsed => Records.Count == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(Start, Records.Max(record => record.Ended));

    /// <summary>The time that tokens are counted in: while the load was whole, without the last answers running out.</summary>
    public TimeSpan Counted => Window is { } window && window < Elapsed ? window : Elapsed;

    /// <summary>Tokens that came in that time.</summary>
    public double Tokens
    {
        get
        {
            long end = Start + (long)(Counted.TotalSeconds * Stopwatch.Frequency);
            return Counted == Elapsed ? Records.Sum(record => record.Tokens) : Records.Sum(record => record.TokensUntil(end));
        }
    }
}
