using System.Threading.Channels;
using Konko.Cli.Terminal;

namespace Konko.Cli.Chat.Editing;

/// <summary>Reads a text of one or several lines from a person, with the keys that shells have.</summary>
/// <param name="keys">The keyboard.</param>
/// <param name="screen">Where the text is drawn.</param>
/// <param name="history">What was typed before.</param>
/// <param name="complete">What a beginning may become when Tab is pressed.</param>
internal sealed class LineEditor(IKeys keys, EditorScreen screen, History history, Func<string, IReadOnlyList<string>> complete)
{
    /// <summary>What stands before the first line.</summary>
    public const string Prompt = "> ";

    /// <summary>What stands before further lines.</summary>
    public const string More = "… ";

    private LineBuffer _buffer = new();
    private HistoryWalk _walk = new(history);

    /// <summary>Reads a text.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How it ended, and the text with its continuations and quotes resolved.</returns>
    public async Task<(EditorOutcome Outcome, string Text)> ReadAsync(CancellationToken cancellationToken)
    {
        (_buffer, _walk) = (new LineBuffer(), new HistoryWalk(history));
        Draw();
        while (true)
        {
            EditorOutcome? outcome;
            try
            {
                outcome = Handle(await keys.ReadAsync(cancellationToken));
            }
            catch (ChannelClosedException)
            {
                outcome = EditorOutcome.Ended;
            }

            if (outcome is null)
            {
                Draw();
                continue;
            }

            if (outcome == EditorOutcome.Done) _buffer.Set(_buffer.Text);
            Draw();
            screen.End();
            if (outcome != EditorOutcome.Done) return (outcome.Value, "");
            history.Add(_buffer.Text);
            return (outcome.Value, MultiLine.Resolve(_buffer.Text));
        }
    }

    private void Draw() => screen.Draw(columns => EditorLayout.Of(Prompt, More, _buffer.Text, _buffer.Cursor, columns));

    private EditorOutcome? Handle(KeyInput input)
    {
        if (input.Pasted is { } pasted) _buffer.Insert(pasted);
        return input.Key is { } key ? Handle(key) : null;
    }

    private EditorOutcome? Handle(ConsoleKeyInfo key)
    {
        bool control = key.Modifiers.HasFlag(ConsoleModifiers.Control), alt = key.Modifiers.HasFlag(ConsoleModifiers.Alt);
        switch (key.Key)
        {
            // A line feed is what Ctrl-J types, and what some terminals send for Shift-Enter.
            case ConsoleKey.Enter when alt || control || key.KeyChar == '\n':
            case ConsoleKey.J when control:
                _buffer.Insert("\n");
                return null;
            case ConsoleKey.Enter:
                return Enter();
            case ConsoleKey.C when control:
                return Interrupt();
            case ConsoleKey.D when control && _buffer.Text.Length == 0:
                return EditorOutcome.Ended;
            case ConsoleKey.UpArrow or ConsoleKey.P when key.Key == ConsoleKey.UpArrow || control:
                Up();
                return null;
            case ConsoleKey.DownArrow or ConsoleKey.N when key.Key == ConsoleKey.DownArrow || control:
                Down();
                return null;
            case ConsoleKey.L when control:
                screen.Clear();
                return null;
            case ConsoleKey.Tab:
                Complete();
                return null;
        }

        if (Edit(key.Key, control, alt) is { } edit) edit(_buffer);
        else if (!control && !alt && key.KeyChar >= ' ' && key.KeyChar != '\u007F') _buffer.Insert(key.KeyChar.ToString());
        else if (control && alt && key.KeyChar >= ' ') _buffer.Insert(key.KeyChar.ToString()); // AltGr
        return null;
    }

    private static Action<LineBuffer>? Edit(ConsoleKey key, bool control, bool alt) => (key, control, alt) switch
    {
        (ConsoleKey.LeftArrow, true, _) or (ConsoleKey.LeftArrow, _, true) or (ConsoleKey.B, false, true) => buffer => buffer.WordLeft(),
        (ConsoleKey.RightArrow, true, _) or (ConsoleKey.RightArrow, _, true) or (ConsoleKey.F, false, true) => buffer => buffer.WordRight(),
        (ConsoleKey.LeftArrow, _, _) or (ConsoleKey.B, true, false) => buffer => buffer.Left(),
        (ConsoleKey.RightArrow, _, _) or (ConsoleKey.F, true, false) => buffer => buffer.Right(),
        (ConsoleKey.Home, _, _) or (ConsoleKey.A, true, false) => buffer => buffer.LineStart(),
        (ConsoleKey.End, _, _) or (ConsoleKey.E, true, false) => buffer => buffer.LineEnd(),
        (ConsoleKey.W, true, false) or (ConsoleKey.Backspace, true, _) or (ConsoleKey.Backspace, _, true) => buffer => buffer.CutWordLeft(),
        (ConsoleKey.D, false, true) => buffer => buffer.CutWordRight(),
        (ConsoleKey.Backspace, _, _) or (ConsoleKey.H, true, false) => buffer => buffer.Backspace(),
        (ConsoleKey.Delete, _, _) or (ConsoleKey.D, true, false) => buffer => buffer.Delete(),
        (ConsoleKey.K, true, false) => buffer => buffer.CutToEnd(),
        (ConsoleKey.U, true, false) => buffer => buffer.CutToStart(),
        (ConsoleKey.Y, true, false) => buffer => buffer.Paste(),
        _ => null,
    };

    private EditorOutcome? Enter()
    {
        if (MultiLine.IsComplete(_buffer.Text)) return EditorOutcome.Done;
        _buffer.Set(_buffer.Text + "\n");
        return null;
    }

    private EditorOutcome? Interrupt()
    {
        if (_buffer.Text.Length == 0) return EditorOutcome.Interrupted;
        screen.End();
        (_buffer, _walk) = (new LineBuffer(), new HistoryWalk(history));
        return null;
    }

    private void Up()
    {
        if (!_buffer.IsInFirstLine) _buffer.Up();
        else if (_walk.Back(_buffer.Text) is { } older) _buffer.Set(older);
    }

    private void Down()
    {
        if (!_buffer.IsInLastLine) _buffer.Down();
        else if (_walk.Forward(_buffer.Text) is { } newer) _buffer.Set(newer);
    }

    private void Complete()
    {
        if (_buffer.Cursor != _buffer.Text.Length || complete(_buffer.Text) is not { Count: > 0 } candidates) return;
        string common = candidates.Aggregate((a, b) => a[..a.AsSpan().CommonPrefixLength(b)]);
        if (common.Length > _buffer.Text.Length) _buffer.Set(common);
    }
}
