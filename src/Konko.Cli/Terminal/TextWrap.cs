using System.Text;

namespace Konko.Cli.Terminal;

/// <summary>Breaks what the program itself says at words, so that it reads well in a narrow window too.</summary>
internal static class TextWrap
{
    private const int LeastText = 20;

    /// <summary>The lines of a text; those that go on begin below the last column of the first one.</summary>
    /// <param name="line">The text, without line ends.</param>
    /// <param name="columns">Cells of a row.</param>
    public static IEnumerable<string> Lines(string line, int columns)
    {
        int indent = Indent(line);
        if (columns - indent < LeastText) indent = 0;
        var row = new StringBuilder(line[..indent]);
        int width = CellWidth.Of(line[..indent]);
        bool first = true;
        foreach (string word in line[indent..].Split(' '))
        {
            int cells = CellWidth.Of(word);
            if (!first && width + 1 + cells > columns)
            {
                yield return row.ToString().TrimEnd();
                row.Clear().Append(' ', indent).Append(word);
                width = indent + cells;
                continue;
            }

            if (!first) row.Append(' ');
            row.Append(word);
            width += cells + (first ? 0 : 1);
            first = false;
        }

        yield return row.ToString();
    }

    /// <summary>Where the last column of a line with columns begins: behind its last two spaces.</summary>
    private static int Indent(string line) => line.LastIndexOf("  ", StringComparison.Ordinal) is >= 0 and var gap ? gap + 2 : 0;
}
