using System.Text;
using System.Text.RegularExpressions;

namespace Konko.House.Tests.Docs;

/// <summary>A Markdown file of the repository: its links, headings and fenced code.</summary>
/// <param name="Path">Its path in the repository.</param>
/// <param name="Text">Its text.</param>
internal sealed partial record MarkdownFile(string Path, string Text)
{
    public static IReadOnlyList<MarkdownFile> All { get; } = [.. RepositoryFiles.Find(".md").Select(Load)];

    public static MarkdownFile Load(string path) => new(path, RepositoryFiles.Read(path));

    /// <summary>The targets of its inline links, outside code.</summary>
    public IEnumerable<string> Links => Link().Matches(WithoutCode).Select(match => match.Groups[1].Value);

    /// <summary>The anchors that its headings give, as the usual forges make them.</summary>
    public IEnumerable<string> Anchors => Heading().Matches(WithoutCode).Select(match => AnchorOf(match.Groups[1].Value));

    /// <summary>Its fenced code in one language, block by block.</summary>
    public IEnumerable<string> Code(string language) =>
        Fence().Matches(Text).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value);

    private string WithoutCode => InlineCode().Replace(Fence().Replace(Text, ""), "");

    public static string AnchorOf(string heading)
    {
        StringBuilder anchor = new();
        foreach (char c in heading.Trim().ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c) || c is '-' or '_') anchor.Append(c);
            else if (c is ' ') anchor.Append('-');
        }

        return anchor.ToString();
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^```(\w*)[^\n]*\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]+`")]
    private static partial Regex InlineCode();
}
