using System.Globalization;
using System.Text;

namespace Konko.Server.Generation.Tools;

/// <summary>
/// Makes JSON of what is nearly JSON: arguments of a call in Python (names with <c>=</c>, strings in either quote, its own words),
/// or Gemma 4's (names without quotes, texts between marks).
/// </summary>
/// <param name="isPython">Which of both.</param>
internal sealed class LooseArguments(bool isPython) : ArgumentReader
{
    /// <summary>What stands on both sides of a text of Gemma 4.</summary>
    public const string Mark = "<|\"|>";

    // As deep as a request's own body may be.
    private const int MaxDepth = 64, MaxWord = 256;

    private readonly Stack<char> _open = new();
    private readonly StringBuilder _word = new();
    private Place _place = Place.Start;
    private bool _isKey;
    private char _quote;
    private int _matched;
    private int _digits;
    private bool _hasComma;

    private enum Place
    {
        Start,
        KeyOrEnd,
        ValueOrEnd,
        Value,
        Opening,
        Text,
        Escape,
        Hex,
        Word,
        Separator,
        CommaOrEnd,
    }

    /// <inheritdoc/>
    public override ScanStep Step(char c, StringBuilder output) => _place switch
    {
        Place.Text => Text(c, output),
        Place.Escape => Escape(c, output),
        Place.Hex => Hex(c, output),
        Place.Opening => Opening(c, output),
        Place.Word => Word(c, output),
        _ => c is ' ' or '\n' or '\r' or '\t' ? ScanStep.More : Structure(c, output),
    };

    private ScanStep Structure(char c, StringBuilder output)
    {
        switch (_place)
        {
            case Place.Start:
                return Open(c, output);
            case Place.Separator:
                if (c != (_open.Peek() == '(' ? '=' : ':')) return ScanStep.Invalid;
                output.Append(": ");
                _place = Place.Value;
                return ScanStep.More;
            case Place.CommaOrEnd when c == ',':
                // Python allows one before the end, JSON does not: it is written with what follows.
                _hasComma = true;
                _place = _open.Peek() == '[' ? Place.ValueOrEnd : Place.KeyOrEnd;
                return ScanStep.More;
            case Place.CommaOrEnd or Place.KeyOrEnd or Place.ValueOrEnd when c is ')' or '}' or ']':
                if (c != _open.Pop() switch { '(' => ')', '{' => '}', _ => ']' }) return ScanStep.Invalid;
                output.Append(c == ']' ? ']' : '}');
                _hasComma = false;
                _place = Place.CommaOrEnd;
                return _open.Count == 0 ? ScanStep.Done : ScanStep.More;
            case Place.KeyOrEnd:
                WriteComma(output);
                _isKey = true;
                return Begin(c, output);
            case Place.Value or Place.ValueOrEnd:
                WriteComma(output);
                _isKey = false;
                return c is '{' or '[' ? Open(c, output) : Begin(c, output);
            default:
                return ScanStep.Invalid;
        }
    }

    private void WriteComma(StringBuilder output)
    {
        if (_hasComma) output.Append(", ");
        _hasComma = false;
    }

    private ScanStep Open(char c, StringBuilder output)
    {
        if (_open.Count == MaxDepth || c is not ('(' or '{' or '[')) return ScanStep.Invalid;
        _open.Push(c);
        output.Append(c == '[' ? '[' : '{');
        _place = c == '[' ? Place.ValueOrEnd : Place.KeyOrEnd;
        return ScanStep.More;
    }

    /// <summary>A text or a word.</summary>
    private ScanStep Begin(char c, StringBuilder output)
    {
        // The names of a call's own arguments are words.
        bool isWord = _isKey && _open.Peek() == '(';
        if (!isWord && (c == '"' || c == '\'' && isPython))
        {
            _quote = c;
            BeginText(output);
            return ScanStep.More;
        }

        if (c == Mark[0] && !isPython)
        {
            (_place, _matched) = (Place.Opening, 1);
            return ScanStep.More;
        }

        _place = Place.Word;
        _word.Clear();
        return IsWord(c) ? Word(c, output) : ScanStep.Invalid;
    }

    private void BeginText(StringBuilder output)
    {
        output.Append('"');
        (_place, _matched) = (Place.Text, 0);
    }

    private ScanStep Opening(char c, StringBuilder output)
    {
        if (c != Mark[_matched]) return ScanStep.Invalid;
        if (++_matched < Mark.Length) return ScanStep.More;
        _quote = Mark[0];
        BeginText(output);
        return ScanStep.More;
    }

    private ScanStep Text(char c, StringBuilder output)
    {
        if (_quote == Mark[0]) return MarkedText(c, output);
        if (c == _quote) return EndText(output);
        if (c == '\\') _place = Place.Escape;
        else Write(c, output);
        return ScanStep.More;
    }

    /// <summary>Between marks no character has a meaning of its own.</summary>
    private ScanStep MarkedText(char c, StringBuilder output)
    {
        if (c == Mark[_matched]) return ++_matched == Mark.Length ? EndText(output) : ScanStep.More;
        // The mark's first character is in it once only.
        for (int i = 0; i < _matched; i++) Write(Mark[i], output);
        _matched = c == Mark[0] ? 1 : 0;
        if (_matched == 0) Write(c, output);
        return ScanStep.More;
    }

    private ScanStep EndText(StringBuilder output)
    {
        output.Append('"');
        _place = _isKey ? Place.Separator : Place.CommaOrEnd;
        return ScanStep.More;
    }

    private ScanStep Escape(char c, StringBuilder output)
    {
        _place = Place.Text;
        _word.Clear();
        switch (c)
        {
            case 'u' or 'x':
                (_place, _digits) = (Place.Hex, c == 'u' ? 4 : 2);
                break;
            case '\n' when isPython:
                break;
            case '\\' or '"' or '\'' or '/':
                Write(c, output);
                break;
            case 'n' or 'r' or 't' or 'b' or 'f':
                output.Append('\\').Append(c);
                break;
            default:
                // To Python, what is no escape is what it looks like.
                if (!isPython) return ScanStep.Invalid;
                output.Append(@"\\");
                Write(c, output);
                break;
        }

        return ScanStep.More;
    }

    private ScanStep Hex(char c, StringBuilder output)
    {
        if (!char.IsAsciiHexDigit(c)) return ScanStep.Invalid;
        if (_word.Append(c).Length < _digits) return ScanStep.More;
        // Written as an escape again: halves of a pair may stand apart.
        output.Append(CultureInfo.InvariantCulture, $"\\u{_word.ToString().PadLeft(4, '0')}");
        _place = Place.Text;
        return ScanStep.More;
    }

    private ScanStep Word(char c, StringBuilder output)
    {
        if (IsWord(c)) return _word.Append(c).Length > MaxWord ? ScanStep.Invalid : ScanStep.More;
        string word = _word.ToString();
        if (_isKey)
        {
            WriteText(word, output);
            _place = Place.Separator;
        }
        else
        {
            string value = isPython ? word switch { "True" => "true", "False" => "false", "None" => "null", _ => word } : word;
            if (JsonScanner.IsWholeWord(value)) output.Append(value);
            else if (isPython) return ScanStep.Invalid;
            else WriteText(word, output);
            _place = Place.CommaOrEnd;
        }

        return Step(c, output);
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '+' or '.';
}
