namespace Konko.Engine.Scheduling;

/// <summary>
/// Outputs of a request that one step gave: they reach the reader together, so that it has all of them before it waits
/// again, and sends them on in one piece. <see cref="GenerationHandle.ReadAllAsync"/> takes them apart.
/// </summary>
/// <param name="Outputs">The outputs in order, two at least, none of them a run.</param>
internal sealed record OutputRun(GenerationOutput[] Outputs) : GenerationOutput;
