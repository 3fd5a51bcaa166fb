using Konko.Engine.Tokenizers.Unicode;

namespace Konko.Engine.Tokenizers.PreTokenizers;

/// <summary>
/// The words of GPT-4o and Mistral's tekken, which also break where a lower-case letter meets an upper-case one.
/// </summary>
/// <remarks>
/// With U = <c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]</c> and L = <c>[\p{Ll}\p{Lm}\p{Lo}\p{M}]</c>:
/// <c>[^\r\n\p{L}\p{N}]?U*L+|[^\r\n\p{L}\p{N}]?U+L*|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
/// GPT-4o lets a contraction follow both kinds of word; tekken does not and takes single digits.
/// This is the publishers' own expression; llama.cpp approximates U and L by ASCII letters only, which cuts words of
/// other scripts at every mark.
/// </remarks>
/// <param name="digits">Most digits of a number's piece.</param>
/// <param name="contractions">Whether a word takes an English contraction along.</param>
internal sealed class CasedWordSplitter(int digits, bool contractions) : Splitter
{
    private const uint Both = CategorySet.Caseless | CategorySet.Mark;
    private const uint Upper = CategorySet.Upper | CategorySet.Title | Both;
    private const uint Lower = CategorySet.Lower | Both;

    /// <inheritdoc/>
    public override int End(CodePoints text, int start)
    {
        bool mayLead = text[start] is not ('\r' or '\n') && !text.Is(start, CategorySet.Letter | CategorySet.Number);
        int word = -1;
        if (mayLead) word = LowerWordEnd(text, start + 1);
        if (word < 0) word = LowerWordEnd(text, start);
        // Neither form of the first kind matched, so no upper-case run here has a caseless letter or a mark in it.
        if (word < 0 && mayLead) word = UpperWordEnd(text, start + 1);
        if (word < 0) word = UpperWordEnd(text, start);
        if (word >= 0) return contractions ? word + Contraction(text, word, ignoreCase: true) : word;

        if (text.Is(start, CategorySet.Number)) return Llama3Splitter.NumberEnd(text, start, digits);
        int first = text[start] == ' ' ? start + 1 : start;
        if (text.Is(first, CategorySet.Other))
        {
            int end = text.Skip(first + 1, CategorySet.Other);
            while (text[end] is '\r' or '\n' or '/') end++;
            return end;
        }
        return Llama3Splitter.SpaceOrLinesEnd(text, start);
    }

    /// <summary><c>U*L+</c>, or −1: the upper run gives back as little as the lower run needs to begin.</summary>
    private static int LowerWordEnd(CodePoints text, int start)
    {
        int upper = text.Skip(start, Upper);
        if (text.Is(upper, Lower)) return text.Skip(upper + 1, Lower);
        for (int i = upper - 1; i >= start; i--)
        {
            if (text.Is(i, Both)) return i + 1;
        }
        return -1;
    }

    /// <summary><c>U+L*</c>, or −1.</summary>
    private static int UpperWordEnd(CodePoints text, int start)
    {
        int upper = text.Skip(start, Upper);
        return upper == start ? -1 : text.Skip(upper, Lower);
    }
}
