namespace Konko.Engine.Kernels;

/// <summary>Work that all threads of a team run together, stage after stage.</summary>
internal abstract class TeamTask
{
    /// <summary>One thread's part. Every thread goes through the same stages; what it makes for itself alone may be of no use when it comes late.</summary>
    /// <param name="team">The team, for shares and stages.</param>
    /// <param name="worker">0 … Threads − 1; 0 is the caller.</param>
    public abstract void Run(WorkerTeam team, int worker);
}
