namespace Konko.Server.Generation.Text;

/// <summary>A special token, and where it stands in a text.</summary>
/// <param name="Literal">Its literal text.</param>
/// <param name="Position">Characters of the text before it.</param>
internal sealed record SpokenMark(string Literal, int Position);
