using System.Text;

namespace Konko.Engine.Tokenizers;

/// <summary>A stretch of prompt text and where it came from.</summary>
/// <param name="Text">The text, UTF-16.</param>
/// <param name="Trusted">
/// True where the text is the chat template's own (it may spell control tokens), false where it came from a
/// message or a tool (it never yields a control token, whatever it spells).
/// </param>
public readonly record struct PromptPiece(string Text, bool Trusted);

/// <summary>A rendered prompt whose every character still knows where it came from.</summary>
/// <remarks>
/// Neighbouring pieces are one text for the tokenizer: a border between two pieces never splits a merge, it only
/// decides whether a control token may be recognised there.
/// </remarks>
public sealed class PromptText
{
    private readonly List<PromptPiece> _pieces;

    /// <summary>A prompt of the given pieces, in order; empty pieces are dropped.</summary>
    /// <param name="pieces">The pieces in reading order.</param>
    public PromptText(IEnumerable<PromptPiece> pieces) => _pieces = [.. pieces.Where(p => p.Text.Length > 0)];

    /// <summary>The pieces in reading order, none of them empty.</summary>
    public IReadOnlyList<PromptPiece> Pieces => _pieces;

    /// <summary>A prompt that is one piece.</summary>
    /// <param name="text">The text.</param>
    /// <param name="trusted">Whether control tokens that the text spells are recognised.</param>
    public static PromptText Of(string text, bool trusted) => new([new PromptPiece(text, trusted)]);

    /// <summary>The whole text without its provenance.</summary>
    public override string ToString()
    {
        if (_pieces.Count == 1) return _pieces[0].Text;
        var builder = new StringBuilder();
        foreach (PromptPiece piece in _pieces) builder.Append(piece.Text);
        return builder.ToString();
    }
}
