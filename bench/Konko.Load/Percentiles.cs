namespace Konko.Load;

/// <summary>The middle and the slow end of a set of times, in milliseconds.</summary>
internal sealed record Percentiles(double P50, double P90, double P99, double Max)
{
    /// <summary>By the nearest rank; null of nothing.</summary>
    public static Percentiles? Of(IEnumerable<TimeSpan> times)
    {
        double[] sorted = [.. times.Select(time => time.TotalMilliseconds).Order()];
        if (sorted.Length == 0) return null;
        double At(double share) => Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)], 2);
        return new Percentiles(At(0.5), At(0.9), At(0.99), At(1));
    }
}
