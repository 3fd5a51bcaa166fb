using System.Collections.Concurrent;

namespace Konko.Cli.Tests.Hub;

/// <summary>A clock of which waits between tries end at once and are written down; limits of patience run as they are.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public ConcurrentQueue<double> Waits { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == s_patience || dueTime == Timeout.InfiniteTimeSpan) return base.CreateTimer(callback, state, dueTime, period);
        Waits.Enqueue(dueTime.TotalSeconds);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
