using Konko.Server.Generation;

namespace Konko.Server.Streams;

/// <summary>What no engine could write again of a choice's end, and what of it was sent: where the time went, and what was cached.</summary>
/// <param name="Choice">The choice, from 0.</param>
/// <param name="Stats">Where its time went.</param>
/// <param name="CachedTokens">On the stream's last event: prompt tokens that came from the prefix cache.</param>
/// <param name="Ended">On the stream's last event: milliseconds since 1970.</param>
internal sealed record StreamNote(int Choice, GenerationStats Stats, int? CachedTokens = null, long? Ended = null);
