using System.Text;
using Konko.Cli.Terminal;

namespace Konko.Cli.Chat.Editing;

/// <summary>How a text that is being typed stands on the screen: rows, and where the cursor is.</summary>
/// <param name="Rows">The rows, each with its prompt.</param>
/// <param name="CursorRow">The cursor's row, from 0.</param>
/// <param name="CursorColumn">Cells before the cursor.</param>
internal sealed record EditorLayout(IReadOnlyList<string> Rows, int CursorRow, int CursorColumn)
{
    private const string TabShown = "    ";

    /// <summary>Lays a text out.</summary>
    /// <param name="prompt">What stands before the first line.</param>
    /// <param name="more">What stands before further lines, as wide as the prompt.</param>
    /// <param name="text">The text.</param>
    /// <param name="cursor">Characters of it before the cursor.</param>
    /// <param name="columns">Cells of the screen's rows. The last one stays free: terminals differ in what a full row does to the cursor.</param>
    public static EditorLayout Of(string prompt, string more, string text, int cursor, int columns)
    {
        var rows = new List<string>();
        var row = new StringBuilder(prompt);
        int width = CellWidth.Of(prompt), at = 0;
        (int Row, int Column) place = (0, width);
        foreach (string element in CellWidth.Elements(text))
        {
            string shown = element == "\t" ? TabShown : element == "\n" ? "" : SafeText.Clean(element);
            int cells = CellWidth.Of(shown);
            if (element != "\n" && width + cells > columns - 1) NewRow("");
            if (at == cursor) place = (rows.Count, width);
            at += element.Length;
            if (element == "\n") NewRow(more);
            row.Append(shown);
            width += cells;
        }

        if (at == cursor && cursor == text.Length)
        {
            // There the next character would stand.
            if (width + 1 > columns - 1) NewRow("");
            place = (rows.Count, width);
        }

        rows.Add(row.ToString());
        return new EditorLayout(rows, place.Row, place.Column);

        void NewRow(string start)
        {
            rows.Add(row.ToString());
            row.Clear().Append(start);
            width = CellWidth.Of(start);
        }
    }

    /// <summary>The part of it that fits on the screen, the cursor in it.</summary>
    public EditorLayout Window(int rows)
    {
        if (Rows.Count <= rows) return this;
        int first = Math.Clamp(CursorRow - rows / 2, 0, Rows.Count - rows);
        return new EditorLayout([.. Rows.Skip(first).Take(rows)], CursorRow - first, CursorColumn);
    }
}
