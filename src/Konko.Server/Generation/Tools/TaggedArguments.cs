using System.Text;
using System.Text.Json;

namespace Konko.Server.Generation.Tools;

/// <summary>
/// Makes JSON of parameters that stand between tags. A value that can only be a text is given out as it comes; of others it is
/// their end that tells what they are.
/// </summary>
/// <param name="tags">The tags.</param>
/// <param name="types">The types that a parameter may have.</param>
internal sealed class TaggedArguments(TagSyntax tags, Func<string, ValueTypes> types) : ArgumentReader
{
    private const int MaxName = 256;

    // As deep as a request's own body may be.
    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = 64 };

    private readonly StringBuilder _held = new();
    private readonly StringBuilder _value = new();
    private Place _place = Place.Start;
    private bool _isText;
    private bool _isFirst;
    private bool _begins;
    private ValueTypes _types;

    private enum Place
    {
        Start,
        Tag,
        Name,
        Value,
    }

    /// <inheritdoc/>
    public override ScanStep Step(char c, StringBuilder output)
    {
        switch (_place)
        {
            case Place.Start:
                output.Append('{');
                (_place, _isFirst) = (Place.Tag, true);
                return Step(c, output);
            case Place.Tag:
                return Tag(c, output);
            case Place.Name:
                if (c != '>') return c == '\n' || _held.Append(c).Length > MaxName ? ScanStep.Invalid : ScanStep.More;
                string name = tags.Name(_held.ToString(), out bool? isText);
                if (name.Length == 0) return ScanStep.Invalid;
                _held.Clear();
                if (!_isFirst) output.Append(", ");
                _isFirst = false;
                WriteText(name, output);
                output.Append(": ");
                _types = isText switch { true => ValueTypes.Text, false => ValueTypes.Any & ~ValueTypes.Text, _ => types(name) };
                _isText = _types == ValueTypes.Text;
                if (_isText) output.Append('"');
                _value.Clear();
                (_place, _begins) = (Place.Value, tags.HasLines);
                return ScanStep.More;
            default:
                return Value(c, output);
        }
    }

    private ScanStep Tag(char c, StringBuilder output)
    {
        if (_held.Length == 0 && c is ' ' or '\n' or '\r' or '\t') return ScanStep.More;
        string held = _held.Append(c).ToString();
        if (held == tags.End)
        {
            output.Append('}');
            return ScanStep.Done;
        }

        if (held == tags.Parameter)
        {
            _held.Clear();
            _place = Place.Name;
            return ScanStep.More;
        }

        return tags.End.StartsWith(held, StringComparison.Ordinal) || tags.Parameter.StartsWith(held, StringComparison.Ordinal) ? ScanStep.More : ScanStep.Invalid;
    }

    private ScanStep Value(char c, StringBuilder output)
    {
        // A line break after the tag is no part of the value, nor is one before the next.
        if (_begins)
        {
            _begins = false;
            if (c == '\n') return ScanStep.More;
        }

        _held.Append(c);
        while (_held.Length > 0)
        {
            string held = _held.ToString();
            int line = tags.HasLines && held[0] == '\n' ? 1 : 0;
            if (tags.ParameterEnd.AsSpan().SequenceEqual(held.AsSpan(line)))
            {
                _held.Clear();
                _place = Place.Tag;
                if (_isText) output.Append('"');
                else WriteValue(output);
                return ScanStep.More;
            }

            if (tags.ParameterEnd.AsSpan().StartsWith(held.AsSpan(line))) return ScanStep.More;
            if (_isText) Write(held[0], output);
            else _value.Append(held[0]);
            _held.Remove(0, 1);
        }

        return ScanStep.More;
    }

    /// <summary>JSON where it is some of an allowed type, or no text is; else the text.</summary>
    private void WriteValue(StringBuilder output)
    {
        string text = _value.ToString(), trimmed = text.Trim();
        // Models that write Python spell these its way.
        string json = trimmed switch { "True" => "true", "False" => "false", "None" => "null", _ => trimmed };
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, s_json);
            ValueTypes type = ParameterTypes.Of(document.RootElement.ValueKind);
            if ((_types & ValueTypes.Text) == 0 || type != ValueTypes.Text && (_types & type) != 0)
            {
                output.Append(json);
                return;
            }
        }
        catch (JsonException)
        {
        }

        WriteText(text, output);
    }
}
