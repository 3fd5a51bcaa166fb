using System.Text;

namespace Konko.Cli.Terminal;

/// <summary>In which column of a terminal a text ends that wraps at its right edge.</summary>
internal sealed class TextColumn
{
    private readonly StringBuilder _line = new();
    private int _width;
    private int _column;

    /// <summary>Cells of the row that are taken; as many as the row has where the next character begins a new one.</summary>
    /// <param name="width">Cells of a row; terminals wrap the line anew when that changes.</param>
    public int At(int width)
    {
        if (width != _width)
        {
            (_width, _column) = (width, 0);
            string line = _line.ToString();
            _line.Clear();
            Append(line);
        }

        return _column;
    }

    /// <summary>Adds text that was shown.</summary>
    /// <param name="text">The text, without control characters but lines and tabs.</param>
    /// <param name="width">Cells of a row.</param>
    public void Add(string text, int width)
    {
        At(width);
        int last = text.LastIndexOf('\n');
        if (last >= 0)
        {
            _line.Clear();
            _column = 0;
        }

        Append(text[(last + 1)..]);
    }

    private void Append(string text)
    {
        _line.Append(text);
        foreach (string element in CellWidth.Elements(text))
        {
            if (element == "\t")
            {
                _column = Math.Min(_width - 1, (_column / 8 + 1) * 8);
                continue;
            }

            int cells = CellWidth.OfElement(element);
            _column = _column + cells > _width ? cells : _column + cells;
        }
    }
}
