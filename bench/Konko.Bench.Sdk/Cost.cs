namespace Konko.Bench.Sdk;

/// <summary>What an action costs this process.</summary>
/// <param name="Microseconds">CPU time of all threads, in µs.</param>
/// <param name="Bytes">Bytes allocated by all threads.</param>
internal sealed record Cost(double Microseconds, long Bytes)
{
    public static async Task<Cost> OfAsync(Func<Task> action)
    {
        GC.Collect();
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan time = Environment.CpuUsage.TotalTime;
        await action();
        return new Cost((Environment.CpuUsage.TotalTime - time).TotalMicroseconds, GC.GetTotalAllocatedBytes(precise: true) - bytes);
    }
}
