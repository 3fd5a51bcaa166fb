namespace Konko.Protocol.Answers;

/// <summary>A stretch of time.</summary>
/// <param name="Secs">Whole seconds.</param>
/// <param name="Nanos">The rest in nanoseconds, 0 … 999,999,999.</param>
public sealed record AnswerDuration(long Secs, int Nanos)
{
    /// <summary>The wire's form of a time span; a negative one is none.</summary>
    /// <param name="time">The time span.</param>
    public static AnswerDuration From(TimeSpan time)
    {
        long ticks = Math.Max(0, time.Ticks);
        return new AnswerDuration(ticks / TimeSpan.TicksPerSecond, (int)(ticks % TimeSpan.TicksPerSecond) * (int)TimeSpan.NanosecondsPerTick);
    }
}
