using Konko.Engine.Tokenizers.Unicode;

namespace Konko.Engine.Tokenizers.PreTokenizers;

/// <summary>
/// GPT-2's words: <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.
/// </summary>
internal sealed class Gpt2Splitter : Splitter
{
    /// <inheritdoc/>
    public override int End(CodePoints text, int start)
    {
        int contraction = Contraction(text, start, ignoreCase: false);
        if (contraction > 0) return start + contraction;
        int first = text[start] == ' ' ? start + 1 : start;
        if (text.Is(first, CategorySet.Letter)) return text.Skip(first + 1, CategorySet.Letter);
        if (text.Is(first, CategorySet.Number)) return text.Skip(first + 1, CategorySet.Number);
        if (text.Is(first, CategorySet.Other)) return text.Skip(first + 1, CategorySet.Other);
        return SpaceEnd(text, start, text.Skip(start, CategorySet.Space));
    }
}
