using Konko.Engine.Tokenizers.Unicode;

namespace Konko.Engine.Tokenizers.PreTokenizers;

/// <summary>One step of a pre-tokenizer: cuts a text into pieces without gaps, as a regular expression would.</summary>
internal abstract class Splitter
{
    /// <summary>Where the piece that begins at <paramref name="start"/> ends (exclusive), always past the start.</summary>
    /// <param name="text">What one piece of the step before holds; the splitter sees nothing around it.</param>
    /// <param name="start">0, or the end of the piece before; less than the text's length.</param>
    public abstract int End(CodePoints text, int start);

    /// <summary>White space as most expressions end: <c>\s+(?!\S)|\s+</c>, the last blank before a word goes with the word.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Index of the run's first character.</param>
    /// <param name="end">Index after the run.</param>
    protected static int SpaceEnd(CodePoints text, int start, int end) =>
        end < text.Length && end - start > 1 ? end - 1 : end;

    /// <summary>The length of an English contraction (<c>'s 't 'm 'd 're 've 'll</c>) at an index, 0 where there is none.</summary>
    protected static int Contraction(CodePoints text, int index, bool ignoreCase)
    {
        if (text[index] != '\'') return 0;
        int mask = ignoreCase ? 0x20 : 0;
        int first = text[index + 1] | mask, second = text[index + 2] | mask;
        return (first, second) switch
        {
            ('s' or 't' or 'm' or 'd', _) => 2,
            ('r' or 'v', 'e') or ('l', 'l') => 3,
            _ => 0,
        };
    }
}
