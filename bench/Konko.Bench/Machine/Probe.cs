using System.Diagnostics;
using Konko.Engine.Kernels;

namespace Konko.Bench.Machine;

/// <summary>Work whose speed is a ceiling of the machine.</summary>
internal abstract class Probe : TeamTask
{
    /// <summary>What one thread does in a run, in multiply-adds or bytes.</summary>
    protected abstract double WorkOfThread { get; }

    /// <summary>The best of some runs, in 10⁹ a second, all threads together.</summary>
    /// <param name="team">The threads.</param>
    public double Measure(WorkerTeam team)
    {
        double best = 0;
        for (int i = 0; i < 5; i++)
        {
            long start = Stopwatch.GetTimestamp();
            team.Run(this);
            best = Math.Max(best, WorkOfThread * team.Threads / Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }

        return best;
    }
}
