using Konko.Engine.Cache;

namespace Konko.Engine.Scheduling;

/// <summary>What a scheduler holds at a moment.</summary>
/// <param name="Queued">Requests that have not started.</param>
/// <param name="Running">Sequences that hold pages.</param>
/// <param name="Waiting">Sequences that have started and wait for room to go on.</param>
/// <param name="Kv">The KV cache's pages.</param>
public readonly record struct SchedulerStatistics(int Queued, int Running, int Waiting, KvPoolStatistics Kv);
