using System.Buffers;
using System.Text;

namespace Konko.Cli.Terminal;

/// <summary>
/// Text that others wrote, made fit for a terminal. What a model says is no command: an escape sequence in it could move the
/// cursor, rename the window or fill the clipboard. Only lines and tabs keep their meaning; other control characters are shown.
/// </summary>
internal static class SafeText
{
    private const char FirstPicture = '\u2400';
    private const char DeletePicture = '\u2421';

    // C0 without tab and line feed, DELETE, and C1, whose 0x9B begins sequences as ESC [ does.
    private static readonly SearchValues<char> s_controls = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Except(['\t', '\n']).Select(code => (char)code), .. Enumerable.Range(0x7F, 0x21).Select(code => (char)code)]);

    /// <summary>The text with pictures in place of control characters; carriage returns are left out.</summary>
    public static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAny(s_controls)) return text;
        var clean = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (c == '\r') continue;
            clean.Append(!s_controls.Contains(c) ? c : c < ' ' ? (char)(FirstPicture + c) : c == '\u007F' ? DeletePicture : '\uFFFD');
        }

        return clean.ToString();
    }

    /// <summary>The same on one line.</summary>
    public static string Line(string text) => Clean(text.ReplaceLineEndings(" ")).Replace('\t', ' ');
}
