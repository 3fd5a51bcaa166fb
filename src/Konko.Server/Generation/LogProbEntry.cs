namespace Konko.Server.Generation;

/// <summary>The model's own log-probabilities at one position, before any warping.</summary>
/// <param name="Token">The token that stands there.</param>
/// <param name="Top">The best alternatives, best first; empty where none were asked for.</param>
/// <param name="TextOffset">Where the token begins in the choice's raw text, in Unicode scalar values.</param>
public sealed record LogProbEntry(ScoredToken Token, IReadOnlyList<ScoredToken> Top, int TextOffset);

/// <summary>A token and its log-probability.</summary>
/// <param name="Text">The token's literal text.</param>
/// <param name="Bytes">Its bytes, which may be part of a character.</param>
/// <param name="LogProb">ln p, finite, at least −9999; null for a prompt's first token, which nothing stands before.</param>
public sealed record ScoredToken(string Text, ReadOnlyMemory<byte> Bytes, float? LogProb);
