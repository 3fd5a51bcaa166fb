namespace Konko.Server.Providers.Local;

/// <summary>A clock that stands: what a template that prints the date sees when its prompt is made again.</summary>
/// <param name="at">Where it stands.</param>
/// <param name="zone">Its time zone.</param>
internal sealed class StoppedClock(DateTimeOffset at, TimeZoneInfo zone) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => zone;

    public override DateTimeOffset GetUtcNow() => at.ToUniversalTime();
}
