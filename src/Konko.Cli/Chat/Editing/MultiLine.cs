namespace Konko.Cli.Chat.Editing;

/// <summary>How texts of several lines are typed: a line that ends with <c>\</c> goes on, and so does everything between <c>"""</c> and <c>"""</c>.</summary>
internal static class MultiLine
{
    private const string Quotes = "\"\"\"";

    /// <summary>Whether a text is done, or waits for further lines.</summary>
    public static bool IsComplete(string text) => IsQuoted(text)
        ? text.TrimEnd() is { Length: >= 6 } whole && whole.EndsWith(Quotes, StringComparison.Ordinal)
        : !Continues(text);

    /// <summary>The text that was meant.</summary>
    public static string Resolve(string text)
    {
        if (IsQuoted(text)) return text.Trim()[Quotes.Length..^Quotes.Length].Trim('\n');
        string[] lines = text.Split('\n');
        return string.Join('\n', lines.Select((line, i) => i < lines.Length - 1 && Continues(line) ? line[..^1] : line)).Trim();
    }

    private static bool IsQuoted(string text) => text.AsSpan().TrimStart().StartsWith(Quotes, StringComparison.Ordinal);

    // Two backslashes are one that is meant, as at the end of a Windows folder.
    private static bool Continues(string line) => (line.Length - line.AsSpan().TrimEnd('\\').Length) % 2 == 1;
}
