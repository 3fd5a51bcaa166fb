namespace Konko.Server.Generation;

/// <summary>The model's own log-probabilities at one position, before any warping.</summary>
/// <param name="Token">The token that stands there.</param>
/// <param name="Top">The best alternatives, best first; empty where none were asked for.</param>
/// <param name="TextOffset">Where the token begins in the choice's raw text, in Unicode scalar values.</param>
public sealed record LogProbEntry(ScoredToken Token, IReadOnlyList<ScoredToken> Top, int TextOffset);
