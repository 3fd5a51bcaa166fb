namespace Konko.Server.Streams;

/// <summary>A stretch of a stream's log.</summary>
/// <param name="Events">The events.</param>
/// <param name="End">How the log ended, if it did and nothing follows the events.</param>
/// <param name="Breakage">What is to be told after them, without a number of its own.</param>
/// <param name="Changed">Completes when there is more.</param>
internal readonly record struct StreamSlice(IReadOnlyList<byte[]> Events, StreamEnd End, byte[]? Breakage, Task Changed);
