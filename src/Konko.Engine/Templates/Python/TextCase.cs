using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Python;

/// <summary>Python's changes of case; each character keeps its origin.</summary>
internal static class TextCase
{
    /// <summary><c>str.upper</c>.</summary>
    public static StringValue Upper(RenderContext context, StringValue value) => Map(context, value, static (_, _) => true);

    /// <summary><c>str.lower</c>.</summary>
    public static StringValue Lower(RenderContext context, StringValue value) => Map(context, value, static (_, _) => false);

    /// <summary><c>str.capitalize</c>.</summary>
    public static StringValue Capitalize(RenderContext context, StringValue value) => Map(context, value, static (_, at) => at == 0);

    /// <summary><c>str.title</c>: a word is a run of letters.</summary>
    public static StringValue Title(RenderContext context, StringValue value) =>
        Map(context, value, static (text, at) => at == 0 || !IsCasedBefore(text, at));

    /// <summary>Jinja's <c>title</c>: a word begins after white space, a hyphen or an opening bracket.</summary>
    public static StringValue TitleWords(RenderContext context, StringValue value) =>
        Map(context, value, static (text, at) => at == 0 || text[at - 1] is '-' or '(' or '{' or '[' or '<' || UnicodeData.IsSpace(text[at - 1]));

    /// <summary><c>str.swapcase</c>.</summary>
    public static StringValue Swap(RenderContext context, StringValue value) =>
        Map(context, value, static (text, at) => !UnicodeData.IsUpper(UnicodeData.CodePointAt(text, at)));

    private static StringValue Map(RenderContext context, StringValue value, Func<string, int, bool> isUpper)
    {
        string text = value.Text;
        var builder = new TextBuilder(context);
        Span<char> mapped = stackalloc char[4];
        for (int i = 0; i < text.Length;)
        {
            int codePoint = UnicodeData.CodePointAt(text, i);
            int length = isUpper(text, i)
                ? UnicodeData.WriteUpper(codePoint, mapped)
                : UnicodeData.WriteLower(codePoint, codePoint == 0x3A3 && EndsWord(text, i), mapped);
            builder.Append(mapped[..length], value.IsTrustedAt(i));
            i += UnicodeData.UnitsOf(codePoint);
        }
        return builder.ToValue(value.IsMarkup);
    }

    private static bool EndsWord(string text, int at) =>
        at > 0 && IsCasedBefore(text, at) && (at + 1 == text.Length || !IsCased(UnicodeData.CodePointAt(text, at + 1)));

    private static bool IsCasedBefore(string text, int at) =>
        IsCased(at > 1 && char.IsLowSurrogate(text[at - 1]) ? UnicodeData.CodePointAt(text, at - 2) : text[at - 1]);

    private static bool IsCased(int codePoint) => UnicodeData.IsUpper(codePoint) || UnicodeData.IsLower(codePoint);
}
