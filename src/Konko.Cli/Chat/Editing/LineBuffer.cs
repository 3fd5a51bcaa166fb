using System.Globalization;

namespace Konko.Cli.Chat.Editing;

/// <summary>Text that is being typed, and where the cursor stands in it. Movements go by what a reader takes for characters.</summary>
internal sealed class LineBuffer
{
    private const int MostCharacters = 1 << 20;

    private string _cut = "";

    /// <summary>The text.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Characters before the cursor.</summary>
    public int Cursor { get; private set; }

    /// <summary>Whether the cursor stands in the first line.</summary>
    public bool IsInFirstLine => !Text.AsSpan(0, Cursor).Contains('\n');

    /// <summary>Whether the cursor stands in the last line.</summary>
    public bool IsInLastLine => !Text.AsSpan(Cursor).Contains('\n');

    /// <summary>Takes another text, the cursor at its end.</summary>
    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    /// <summary>Types a text.</summary>
    public void Insert(string text)
    {
        if (Text.Length + text.Length > MostCharacters) return;
        (Text, Cursor) = (Text.Insert(Cursor, text), Cursor + text.Length);
    }

    public void Left() => Cursor = Before(Cursor);

    public void Right() => Cursor = After(Cursor);

    public void LineStart() => Cursor = StartOfLine(Cursor);

    public void LineEnd() => Cursor = EndOfLine(Cursor);

    public void WordLeft() => Cursor = WordBefore(Cursor);

    public void WordRight() => Cursor = WordAfter(Cursor);

    public void Backspace() => Remove(Before(Cursor), Cursor);

    public void Delete() => Remove(Cursor, After(Cursor));

    public void CutWordLeft() => Cut(WordBefore(Cursor), Cursor);

    public void CutWordRight() => Cut(Cursor, WordAfter(Cursor));

    public void CutToStart() => Cut(StartOfLine(Cursor), Cursor);

    /// <summary>Cuts the rest of the line; at its end, the line end.</summary>
    public void CutToEnd() => Cut(Cursor, Math.Max(EndOfLine(Cursor), Cursor == EndOfLine(Cursor) ? After(Cursor) : 0));

    /// <summary>Types again what was cut last.</summary>
    public void Paste() => Insert(_cut);

    public void Up()
    {
        int start = StartOfLine(Cursor);
        if (start > 0) Cursor = Column(StartOfLine(start - 1), Cursor - start);
    }

    public void Down()
    {
        int end = EndOfLine(Cursor);
        if (end < Text.Length) Cursor = Column(end + 1, Cursor - StartOfLine(Cursor));
    }

    private void Cut(int from, int to)
    {
        if (to > from) _cut = Text[from..to];
        Remove(from, to);
    }

    private void Remove(int from, int to) => (Text, Cursor) = (Text.Remove(from, to - from), from);

    /// <summary>The place so far behind a line's start, or the line's end where it is shorter; never within a character.</summary>
    private int Column(int start, int column)
    {
        int at = start, wanted = Math.Min(EndOfLine(start), start + column);
        while (at < wanted && After(at) <= wanted) at = After(at);
        return at;
    }

    private int StartOfLine(int at) => at == 0 ? 0 : Text.LastIndexOf('\n', at - 1) + 1;

    private int EndOfLine(int at) => Text.IndexOf('\n', at) is >= 0 and var end ? end : Text.Length;

    private int After(int at) => at >= Text.Length ? Text.Length : at + StringInfo.GetNextTextElementLength(Text, at);

    private int Before(int at)
    {
        // Elements can be told from their beginning alone, which lies in the same line.
        int before = at > 0 && Text[at - 1] == '\n' ? at - 1 : StartOfLine(at);
        while (After(before) is var next && next < at) before = next;
        return at == 0 ? 0 : before;
    }

    private int WordBefore(int at)
    {
        while (at > 0 && !char.IsLetterOrDigit(Text[at - 1])) at--;
        while (at > 0 && char.IsLetterOrDigit(Text[at - 1])) at--;
        return at;
    }

    private int WordAfter(int at)
    {
        while (at < Text.Length && !char.IsLetterOrDigit(Text[at])) at++;
        while (at < Text.Length && char.IsLetterOrDigit(Text[at])) at++;
        return at;
    }
}
