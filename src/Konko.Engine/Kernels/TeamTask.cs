namespace Konko.Engine.Kernels;

/// <summary>Work that all threads of a team run together, stage after stage, meeting at barriers.</summary>
internal abstract class TeamTask
{
    /// <summary>One thread's part. Every thread must pass the same barriers.</summary>
    /// <param name="team">The team, for barriers and shares.</param>
    /// <param name="worker">0 … Threads − 1; 0 is the caller.</param>
    public abstract void Run(WorkerTeam team, int worker);
}
