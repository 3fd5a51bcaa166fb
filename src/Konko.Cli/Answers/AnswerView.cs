using Konko.Cli.Terminal;

namespace Konko.Cli.Answers;

/// <summary>
/// Shows an answer while it is written. On a terminal a line below it tells tokens and speed, and is gone at the end; wrapping is
/// left to the terminal, so that what is copied has no line ends that the model did not write. A pipe gets the answer's bytes alone.
/// </summary>
/// <param name="console">Where to.</param>
/// <param name="statistics">What the line below tells.</param>
internal sealed class AnswerView(CliConsole console, AnswerStatistics statistics)
{
    private const string EraseBelow = "\e[J";

    // Makes sure that there is a row below, goes there, and back to where the text stands.
    private const string BeginBelow = "\eD\e[A\e7\r\n";
    private const string BeginHere = "\e7";
    private const string Back = "\e8";

    private readonly TextColumn _column = new();
    private bool _drawn;
    private bool _thinking;

    /// <summary>Says that the answer is awaited.</summary>
    public void Begin()
    {
        Draw("…");
        console.Deliver();
    }

    /// <summary>Shows what came.</summary>
    public void Add(AnswerPiece piece)
    {
        statistics.Add(piece);
        if (piece.Thought.Length > 0 && console.Terminals.Output) Think(piece.Thought);
        if (piece.Text.Length > 0)
        {
            EndThought();
            Show(piece.Text);
        }

        if (piece.IsToken) Draw(statistics.Live());
        console.Deliver();
    }

    /// <summary>Ends the view: only the answer stays.</summary>
    public void End()
    {
        Erase();
        if (_thinking && console.Output.IsOn) console.Control("\e[0m");
        _thinking = false;
        console.EndLine();
        console.Deliver();
    }

    private void Think(string text)
    {
        if (!_thinking)
        {
            Erase();
            if (console.Output.IsOn) console.Control("\e[2m");
            else Show("(thinking) ");
            _thinking = true;
        }

        Show(text);
    }

    private void EndThought()
    {
        if (!_thinking) return;
        _thinking = false;
        Erase();
        if (console.Output.IsOn) console.Control("\e[0m");
        console.EndLine();
        Show("\n");
    }

    private void Show(string text)
    {
        Erase();
        console.Write(text);
        if (console.CanMoveCursor) _column.Add(SafeText.Clean(text), console.Size.Columns);
    }

    private void Erase()
    {
        if (_drawn) console.Control(EraseBelow);
        _drawn = false;
    }

    private void Draw(string text)
    {
        if (!console.CanMoveCursor || console.IsQuiet) return;
        Erase();
        int columns = console.Size.Columns, column = _column.At(columns);
        // A full row: the cursor stands on its last character, and moving it would lose that it is to wrap.
        if (column >= columns) return;
        string status = CellWidth.Cut(text, columns - 1);
        string style = _thinking && console.Output.IsOn ? "\e[2m" : "";
        console.Control((column == 0 ? BeginHere : BeginBelow) + console.Output.Dim(status) + Back + style);
        _drawn = true;
    }
}
