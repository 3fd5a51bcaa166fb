namespace Konko.Engine.Scheduling;

/// <summary>What an <see cref="EmbeddingScheduler"/> holds at a moment.</summary>
/// <param name="Queued">Requests with texts that have not started.</param>
/// <param name="Running">Texts of the step that is being computed.</param>
public readonly record struct EmbeddingStatistics(int Queued, int Running);
