using System.Globalization;
using System.Text;

namespace Konko.Server.Generation.Tools;

/// <summary>Takes the text out of a JSON string character by character: some models write the arguments' JSON as a string.</summary>
internal sealed class JsonUnquoter
{
    private readonly StringBuilder _hex = new();
    private State _state = State.Before;
    private char _high;

    private enum State
    {
        Before,
        Text,
        Escape,
        Hex,
    }

    /// <summary>Takes the next character.</summary>
    /// <param name="c">The character; the first is the opening quote.</param>
    /// <param name="output">Where the string's own text goes, always well-formed.</param>
    public ScanStep Step(char c, StringBuilder output)
    {
        switch (_state)
        {
            case State.Before:
                _state = State.Text;
                return c == '"' ? ScanStep.More : ScanStep.Invalid;
            case State.Text when c == '\\':
                _state = State.Escape;
                return ScanStep.More;
            case State.Text when c == '"':
                Flush(output);
                return ScanStep.Done;
            case State.Text:
                // A pair that stands unescaped comes whole, but may come in two steps.
                Write(c, output);
                return ScanStep.More;
            case State.Escape:
                _state = c == 'u' ? State.Hex : State.Text;
                int index = "\"\\/bfnrt".IndexOf(c, StringComparison.Ordinal);
                if (c != 'u' && index < 0) return ScanStep.Invalid;
                if (c != 'u') Write("\"\\/\b\f\n\r\t"[index], output);
                return ScanStep.More;
            default:
                if (!char.IsAsciiHexDigit(c)) return ScanStep.Invalid;
                if (_hex.Append(c).Length < 4) return ScanStep.More;
                Write((char)ushort.Parse(_hex.ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), output);
                _hex.Clear();
                _state = State.Text;
                return ScanStep.More;
        }
    }

    private void Write(char c, StringBuilder output)
    {
        if (char.IsLowSurrogate(c) && _high != 0)
        {
            output.Append(_high).Append(c);
            _high = '\0';
            return;
        }

        Flush(output);
        if (char.IsHighSurrogate(c)) _high = c;
        else output.Append(char.IsLowSurrogate(c) ? '\uFFFD' : c);
    }

    private void Flush(StringBuilder output)
    {
        if (_high != 0) output.Append('\uFFFD');
        _high = '\0';
    }
}
