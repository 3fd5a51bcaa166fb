using System.Globalization;
using System.Text;

namespace Konko.Engine.Templates.Syntax;

/// <summary>The escapes of Python's string literals.</summary>
internal static class StringLiteral
{
    /// <summary>What the text between the quotes stands for.</summary>
    /// <param name="text">The text.</param>
    /// <param name="line">Its line, for errors.</param>
    public static string Unescape(ReadOnlySpan<char> text, int line)
    {
        if (!text.Contains('\\')) return text.ToString();
        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }
            char escape = text[++i];
            switch (escape)
            {
                case '\n': break;
                case 'n': result.Append('\n'); break;
                case 't': result.Append('\t'); break;
                case 'r': result.Append('\r'); break;
                case 'a': result.Append('\a'); break;
                case 'b': result.Append('\b'); break;
                case 'f': result.Append('\f'); break;
                case 'v': result.Append('\v'); break;
                case '\\' or '\'' or '"': result.Append(escape); break;
                case >= '0' and <= '7': AppendOctal(result, text, ref i); break;
                case 'x' or 'u' or 'U': AppendHex(result, text, ref i, line); break;
                case 'N': throw new TemplateException("\\N escapes are not supported", line);
                default: result.Append('\\').Append(escape); break;
            }
        }
        return result.ToString();
    }

    private static void AppendOctal(StringBuilder result, ReadOnlySpan<char> text, ref int at)
    {
        int value = 0, end = Math.Min(at + 3, text.Length);
        for (; at < end && text[at] is >= '0' and <= '7'; at++) value = (value * 8) + (text[at] - '0');
        at--;
        result.Append((char)value);
    }

    private static void AppendHex(StringBuilder result, ReadOnlySpan<char> text, ref int at, int line)
    {
        int length = text[at] switch { 'x' => 2, 'u' => 4, _ => 8 };
        int start = at + 1;
        if (start + length > text.Length
            || !int.TryParse(text.Slice(start, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            || value is < 0 or > 0x10FFFF)
        {
            throw new TemplateException("a string holds a malformed escape", line);
        }
        if (value < 0x10000) result.Append((char)value);
        else result.Append(char.ConvertFromUtf32(value));
        at += length;
    }
}
