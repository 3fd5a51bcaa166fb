namespace Konko.Server.Generation;

/// <summary>A sampled token as a chunk shows it.</summary>
/// <param name="Id">The token id.</param>
/// <param name="Text">The text it completed; the literal text of a special token; empty while a character is incomplete.</param>
/// <param name="LogProb">ln p under the distribution it was drawn from.</param>
/// <param name="Special">Whether it is a special token.</param>
public sealed record GeneratedToken(int Id, string Text, float LogProb, bool Special);
