using System.Text;

namespace Konko.Cli.Terminal;

/// <summary>
/// Finds pasted text among keys. Terminals put it between ESC [200~ and ESC [201~, which the runtime hands on as single keys,
/// sometimes with ESC and bracket as one: Alt and a bracket.
/// </summary>
internal sealed class PasteDecoder
{
    private const int MostCharacters = 1 << 20;
    private const string Begin = "\e[200~";
    private const string End = "\e[201~";

    private readonly StringBuilder _pasted = new();
    private readonly List<ConsoleKeyInfo> _held = [];
    private int _matched;
    private bool _pasting;

    /// <summary>What a key means; often nothing yet.</summary>
    public IEnumerable<KeyInput> Add(ConsoleKeyInfo key)
    {
        if (Match(key))
        {
            _held.Add(key);
            if (_matched < Begin.Length) return [];
            (_matched, _pasting) = (0, !_pasting);
            _held.Clear();
            return _pasting ? [] : [Take()];
        }

        ConsoleKeyInfo[] keys = [.. _held];
        _held.Clear();
        _matched = 0;
        // What broke off one mark may begin another.
        if (keys.Length > 0 && Match(key)) _held.Add(key);
        else keys = [.. keys, key];
        if (!_pasting) return keys.Select(KeyInput.Of);
        foreach (ConsoleKeyInfo pasted in keys) Append(pasted);
        return [];
    }

    private bool Match(ConsoleKeyInfo key)
    {
        string spelled = (key.Modifiers.HasFlag(ConsoleModifiers.Alt) ? "\e" : "") + key.KeyChar;
        if (string.CompareOrdinal(_pasting ? End : Begin, _matched, spelled, 0, spelled.Length) != 0) return false;
        _matched += spelled.Length;
        return true;
    }

    private KeyInput Take()
    {
        string text = _pasted.ToString().ReplaceLineEndings("\n");
        _pasted.Clear();
        return KeyInput.Paste(text);
    }

    private void Append(ConsoleKeyInfo key)
    {
        if (_pasted.Length >= MostCharacters) return;
        if (key.Key == ConsoleKey.Enter || key.KeyChar == '\r') _pasted.Append('\n');
        else if (key.KeyChar != '\0') _pasted.Append(key.KeyChar);
    }
}
