namespace Konko.Load;

/// <summary>How the times between arrivals are spread.</summary>
internal enum ArrivalPattern
{
    /// <summary>Exponential, as of people who know nothing of one another.</summary>
    Poisson,

    /// <summary>All equal.</summary>
    Fixed,
}

/// <summary>When the requests of an open loop are due.</summary>
internal static class Arrivals
{
    /// <summary>Seconds from the start at which requests are due, without end; the first is due at once.</summary>
    /// <param name="pattern">How they are spread.</param>
    /// <param name="rate">Arrivals a second.</param>
    /// <param name="seed">Of what is drawn.</param>
    public static IEnumerable<double> Of(ArrivalPattern pattern, double rate, int seed)
    {
        Random random = new(seed);
        double at = 0;
        while (true)
        {
            yield return at;
#pragma warning disable CA5394 // Load is drawn to be repeated, not to be secret.
            at += pattern == ArrivalPattern.Fixed ? 1 / rate : -Math.Log(1 - random.NextDouble()) / rate;
#pragma warning restore CA5394
        }
    }
}
