using System.Globalization;
using System.Text;
using Konko.Cli.Terminal;

namespace Konko.Cli.Chat.Editing;

/// <summary>Draws what is being typed, over what was drawn before.</summary>
/// <param name="console">The terminal.</param>
internal sealed class EditorScreen(CliConsole console)
{
    private EditorLayout? _drawn;

    /// <summary>Draws a layout made for the terminal's columns.</summary>
    public void Draw(Func<int, EditorLayout> layout)
    {
        int columns = console.Size.Columns;
        EditorLayout next = layout(columns).Window(console.Size.Rows - 1);
        var sequence = new StringBuilder(ToStart(columns));
        sequence.Append("\e[J").AppendJoin("\r\n", next.Rows);
        Up(sequence, next.Rows.Count - 1 - next.CursorRow);
        sequence.Append('\r');
        if (next.CursorColumn > 0) sequence.Append(CultureInfo.InvariantCulture, $"\e[{next.CursorColumn}C");
        console.Control(sequence.ToString());
        console.Deliver();
        _drawn = next;
    }

    /// <summary>Leaves what is drawn where it stands, and goes below it.</summary>
    public void End()
    {
        if (_drawn is null) return;
        int below = _drawn.Rows.Count - _drawn.CursorRow;
        console.Control(string.Concat(Enumerable.Repeat("\n", below)) + "\r");
        console.Deliver();
        _drawn = null;
    }

    /// <summary>Clears the screen.</summary>
    public void Clear()
    {
        console.Control("\e[H\e[2J");
        _drawn = null;
    }

    /// <summary>To the first row that was drawn. A terminal that was made narrower has wrapped the rows since.</summary>
    private string ToStart(int columns)
    {
        if (_drawn is null) return "\r";
        int above = _drawn.Rows.Take(_drawn.CursorRow).Sum(row => Math.Max(1, (CellWidth.Of(row) + columns - 1) / columns)) + _drawn.CursorColumn / columns;
        var sequence = new StringBuilder();
        Up(sequence, above);
        return sequence.Append('\r').ToString();
    }

    private static void Up(StringBuilder sequence, int rows)
    {
        if (rows > 0) sequence.Append(CultureInfo.InvariantCulture, $"\e[{rows}A");
    }
}
