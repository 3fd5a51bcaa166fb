using System.Text;

namespace Konko.Server.Generation.Tools;

/// <summary>Follows one JSON value character by character and says where it ends.</summary>
/// <remarks>
/// Strict, but for one thing that models do: a control character within a string is taken and written down escaped.
/// </remarks>
internal sealed class JsonScanner
{
    // As deep as a request's own body may be.
    private const int MaxDepth = 64;

    private readonly Stack<char> _open = new();
    private readonly StringBuilder _word = new();
    private State _state = State.Value;
    private bool _isKey;
    private int _hexDigits;

    private enum State
    {
        Value,
        ValueOrEnd,
        Key,
        KeyOrEnd,
        Colon,
        CommaOrEnd,
        Text,
        Escape,
        Hex,
        Word,
    }

    /// <summary>Takes the next character.</summary>
    /// <param name="c">The character.</param>
    /// <param name="output">Where it is written down, if it belongs to the value; null where nobody wants it.</param>
    public ScanStep Step(char c, StringBuilder? output)
    {
        if (_state == State.Word && !IsWord(c))
        {
            if (!IsWholeWord(_word.ToString())) return ScanStep.Invalid;
            _word.Clear();
            if (_open.Count == 0) return ScanStep.DoneBefore;
            _state = State.CommaOrEnd;
        }

        if (_state == State.Text && c < ' ')
        {
            output?.Append(c switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ => $"\\u{(int)c:x4}" });
            return ScanStep.More;
        }

        ScanStep step = Advance(c);
        if (step != ScanStep.Invalid) output?.Append(c);
        return step;
    }

    private ScanStep Advance(char c)
    {
        switch (_state)
        {
            case State.Text:
                if (c == '\\') _state = State.Escape;
                else if (c == '"') return EndText();
                return ScanStep.More;
            case State.Escape:
                if (!"\"\\/bfnrtu".Contains(c)) return ScanStep.Invalid;
                (_state, _hexDigits) = (c == 'u' ? State.Hex : State.Text, 0);
                return ScanStep.More;
            case State.Hex:
                if (!char.IsAsciiHexDigit(c)) return ScanStep.Invalid;
                if (++_hexDigits == 4) _state = State.Text;
                return ScanStep.More;
            case State.Word:
                _word.Append(c);
                return ScanStep.More;
            default:
                return c is ' ' or '\n' or '\r' or '\t' ? ScanStep.More : Structure(c);
        }
    }

    private ScanStep Structure(char c)
    {
        switch (_state)
        {
            case State.Colon:
                _state = State.Value;
                return c == ':' ? ScanStep.More : ScanStep.Invalid;
            case State.CommaOrEnd when c == ',':
                _state = _open.Peek() == '{' ? State.Key : State.Value;
                return ScanStep.More;
            case State.CommaOrEnd or State.KeyOrEnd when c == '}':
            case State.CommaOrEnd or State.ValueOrEnd when c == ']':
                return _open.TryPop(out char opener) && (opener == '{') == (c == '}') ? EndValue() : ScanStep.Invalid;
            case State.Key or State.KeyOrEnd:
                (_isKey, _state) = (true, State.Text);
                return c == '"' ? ScanStep.More : ScanStep.Invalid;
            case State.Value or State.ValueOrEnd:
                return Begin(c);
            default:
                return ScanStep.Invalid;
        }
    }

    private ScanStep Begin(char c)
    {
        switch (c)
        {
            case '{' or '[' when _open.Count < MaxDepth:
                _open.Push(c);
                _state = c == '{' ? State.KeyOrEnd : State.ValueOrEnd;
                return ScanStep.More;
            case '"':
                (_isKey, _state) = (false, State.Text);
                return ScanStep.More;
            default:
                _word.Append(c);
                _state = State.Word;
                return IsWord(c) ? ScanStep.More : ScanStep.Invalid;
        }
    }

    private ScanStep EndText()
    {
        if (!_isKey) return EndValue();
        _state = State.Colon;
        return ScanStep.More;
    }

    private ScanStep EndValue()
    {
        _state = State.CommaOrEnd;
        return _open.Count == 0 ? ScanStep.Done : ScanStep.More;
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '+' or '.';

    /// <summary>Whether a word is a JSON value: a number, or <c>true</c>, <c>false</c>, <c>null</c>.</summary>
    public static bool IsWholeWord(string word)
    {
        if (word is "true" or "false" or "null") return true;
        int at = word.StartsWith('-') ? 1 : 0;
        int digits = Digits(ref at);
        if (digits == 0 || (digits > 1 && word[at - digits] == '0')) return false;
        if (at < word.Length && word[at] == '.')
        {
            at++;
            if (Digits(ref at) == 0) return false;
        }

        if (at < word.Length && word[at] is 'e' or 'E')
        {
            at++;
            if (at < word.Length && word[at] is '+' or '-') at++;
            if (Digits(ref at) == 0) return false;
        }

        return at == word.Length;

        int Digits(ref int position)
        {
            int first = position;
            while (position < word.Length && char.IsAsciiDigit(word[position])) position++;
            return position - first;
        }
    }
}
