using System.Text;
using Wcwidth;

namespace Konko.Cli.Terminal;

/// <summary>How many cells of a terminal text takes: ideographs and most emoji two, combining marks none.</summary>
internal static class CellWidth
{
    private const int EmojiPresentation = 0xFE0F;

    /// <summary>Cells of one element of text, which may be several code points that are shown as one.</summary>
    public static int OfElement(ReadOnlySpan<char> element)
    {
        int width = 0;
        foreach (Rune rune in element.EnumerateRunes())
        {
            width = rune.Value == EmojiPresentation && width == 1 ? 2 : Math.Max(width, Math.Max(0, UnicodeCalculator.GetWidth(rune.Value)));
        }

        return width;
    }

    /// <summary>Cells of a text without control characters.</summary>
    public static int Of(string text)
    {
        int width = 0;
        foreach (string element in Elements(text)) width += OfElement(element);
        return width;
    }

    /// <summary>The beginning of a text that fits into so many cells.</summary>
    public static string Cut(string text, int cells)
    {
        int width = 0, length = 0;
        foreach (string element in Elements(text))
        {
            width += OfElement(element);
            if (width > cells) return text[..length];
            length += element.Length;
        }

        return text;
    }

    /// <summary>The elements of a text, each what a reader takes for one character.</summary>
    public static IEnumerable<string> Elements(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            int length = System.Globalization.StringInfo.GetNextTextElementLength(text, at);
            yield return text.Substring(at, length);
            at += length;
        }
    }
}
