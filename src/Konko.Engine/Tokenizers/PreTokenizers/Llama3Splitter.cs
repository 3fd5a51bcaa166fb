using Konko.Engine.Tokenizers.Unicode;

namespace Konko.Engine.Tokenizers.PreTokenizers;

/// <summary>
/// Llama 3's words: <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>;
/// Qwen 2's are the same with single digits.
/// </summary>
/// <param name="digits">Most digits of a number's piece.</param>
internal sealed class Llama3Splitter(int digits) : Splitter
{
    /// <inheritdoc/>
    public override int End(CodePoints text, int start)
    {
        int contraction = Contraction(text, start, ignoreCase: true);
        if (contraction > 0) return start + contraction;
        if (text.Is(start, CategorySet.Letter)) return text.Skip(start + 1, CategorySet.Letter);
        if (text.Is(start, CategorySet.Number)) return NumberEnd(text, start, digits);
        if (text[start] is not ('\r' or '\n') && text.Is(start + 1, CategorySet.Letter))
        {
            return text.Skip(start + 2, CategorySet.Letter);
        }
        int first = text[start] == ' ' ? start + 1 : start;
        if (text.Is(first, CategorySet.Other)) return text.SkipLineBreaks(text.Skip(first + 1, CategorySet.Other));
        return SpaceOrLinesEnd(text, start);
    }

    /// <summary><c>\p{N}{1,digits}</c>.</summary>
    internal static int NumberEnd(CodePoints text, int start, int digits)
    {
        int end = start + 1;
        while (end - start < digits && text.Is(end, CategorySet.Number)) end++;
        return end;
    }

    /// <summary><c>\s*[\r\n]+|\s+(?!\S)|\s+</c>.</summary>
    internal static int SpaceOrLinesEnd(CodePoints text, int start)
    {
        int end = text.Skip(start, CategorySet.Space);
        for (int i = end - 1; i >= start; i--)
        {
            if (text[i] is '\r' or '\n') return i + 1;
        }
        return SpaceEnd(text, start, end);
    }
}
