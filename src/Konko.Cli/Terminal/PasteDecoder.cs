using System.Text;

namespace Konko.Cli.Terminal;

/// <summary>
/// Finds pasted text among keys. Terminals put it between ESC [200~ and ESC [201~, which the runtime hands on as single keys:
/// Alt with a bracket, digits, a tilde.
/// </summary>
internal sealed class PasteDecoder
{
    private const int MostCharacters = 1 << 20;
    private const string Begin = "[200~";
    private const string End = "[201~";

    private readonly StringBuilder _pasted = new();
    private readonly List<ConsoleKeyInfo> _mark = [];
    private bool _pasting;

    /// <summary>What a key means; often nothing yet.</summary>
    public IEnumerable<KeyInput> Add(ConsoleKeyInfo key)
    {
        string mark = _pasting ? End : Begin;
        if (Continues(mark, key))
        {
            _mark.Add(key);
            if (_mark.Count < mark.Length) return [];
            _mark.Clear();
            _pasting = !_pasting;
            if (_pasting) return [];
            string text = _pasted.ToString().ReplaceLineEndings("\n");
            _pasted.Clear();
            return [KeyInput.Paste(text)];
        }

        ConsoleKeyInfo[] keys = [.. _mark, key];
        _mark.Clear();
        // What broke one mark may begin another.
        if (keys.Length > 1 && Continues(mark, key))
        {
            keys = keys[..^1];
            _mark.Add(key);
        }

        if (!_pasting) return keys.Select(KeyInput.Of);
        foreach (ConsoleKeyInfo pasted in keys) Append(pasted);
        return [];
    }

    private bool Continues(string mark, ConsoleKeyInfo key) =>
        key.KeyChar == mark[_mark.Count] && key.Modifiers.HasFlag(ConsoleModifiers.Alt) == (_mark.Count == 0);

    private void Append(ConsoleKeyInfo key)
    {
        if (_pasted.Length >= MostCharacters) return;
        if (key.KeyChar is '\r' || key.Key == ConsoleKey.Enter) _pasted.Append('\n');
        else if (key.KeyChar != '\0') _pasted.Append(key.KeyChar);
    }
}
