namespace Konko.Server.Generation;

/// <summary>When a request came, and when it was validated.</summary>
/// <param name="Time">The server's clock.</param>
/// <param name="Received">Timestamp at which the request came.</param>
public sealed record RequestClock(TimeProvider Time, long Received)
{
    /// <summary>Timestamp at which the request had been parsed and validated.</summary>
    public long Validated { get; init; } = Received;

    /// <summary>A clock that starts now.</summary>
    /// <param name="time">The server's clock.</param>
    public static RequestClock Start(TimeProvider time) => new(time, time.GetTimestamp());

    /// <summary>Time since the request came.</summary>
    public TimeSpan Elapsed => Time.GetElapsedTime(Received);

    /// <summary>Time that parsing and validating took.</summary>
    public TimeSpan Validation => Time.GetElapsedTime(Received, Validated);
}
