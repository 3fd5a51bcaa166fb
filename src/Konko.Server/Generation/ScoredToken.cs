namespace Konko.Server.Generation;

/// <summary>A token and its log-probability.</summary>
/// <param name="Text">The token's text; null where its bytes are no whole characters.</param>
/// <param name="Bytes">Its bytes; a special token's literal text.</param>
/// <param name="LogProb">ln p, finite, at least −9999; null for a prompt's first token, which nothing stands before.</param>
public sealed record ScoredToken(string? Text, ReadOnlyMemory<byte> Bytes, float? LogProb);
