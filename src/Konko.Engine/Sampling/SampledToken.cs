namespace Konko.Engine.Sampling;

/// <summary>A token id and the natural logarithm of its probability.</summary>
/// <param name="Id">The token id.</param>
/// <param name="LogProb">ln p, finite, at least −9999, never −0.</param>
public readonly record struct TokenLogProb(int Id, float LogProb);

/// <summary>The model's own log-probabilities at one position, before any warping.</summary>
/// <param name="Token">The token that was drawn (or stands in the prompt).</param>
/// <param name="Top">The best alternatives, best first, ties to the lowest id; its length is what was asked for.</param>
public sealed record TokenLogProbs(TokenLogProb Token, IReadOnlyList<TokenLogProb> Top);

/// <summary>One draw.</summary>
/// <param name="Id">The token id.</param>
/// <param name="LogProb">ln p under the distribution it was drawn from (after temperature, top-p and the rest); 0 when greedy.</param>
/// <param name="LogProbs">The model's own log-probabilities, where asked for.</param>
public readonly record struct SampledToken(int Id, float LogProb, TokenLogProbs? LogProbs);
