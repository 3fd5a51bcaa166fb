using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Konko.Printing;

/// <summary>Prints objects as Python's SDK does: <c>Name(field='text', other=None)</c>.</summary>
internal sealed class PythonText
{
    private readonly StringBuilder _text = new();
    private bool _any;

    public PythonText(string name) => _text.Append(name).Append('(');

    /// <summary>A field with its value: a text, a number, a truth, JSON, a list of those, or what prints itself.</summary>
    public PythonText Field(string name, object? value)
    {
        if (_any) _text.Append(", ");
        _any = true;
        _text.Append(name).Append('=');
        Append(_text, value);
        return this;
    }

    /// <summary>A field that is left out where it is null, as one that Python's classes do not declare.</summary>
    public PythonText Extra(string name, object? value) => value is null ? this : Field(name, value);

    /// <summary>The fields that nobody declared.</summary>
    public PythonText Extra(IDictionary<string, JsonElement>? fields)
    {
        foreach ((string name, JsonElement value) in fields ?? new Dictionary<string, JsonElement>()) Field(name, value);
        return this;
    }

    public override string ToString() => _text.ToString() + ")";

    private static void Append(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null: text.Append("None"); break;
            case string s: AppendQuoted(text, s); break;
            case bool b: text.Append(b ? "True" : "False"); break;
            case JsonElement json: AppendJson(text, json); break;
            case float number: text.Append(Number(number.ToString("R", CultureInfo.InvariantCulture))); break;
            case double number: text.Append(Number(number.ToString("R", CultureInfo.InvariantCulture))); break;
            case IEnumerable list: AppendList(text, list.Cast<object?>(), static (text, item) => Append(text, item), "[", "]"); break;
            default: text.Append(CultureInfo.InvariantCulture, $"{value}"); break;
        }
    }

    private static void AppendJson(StringBuilder text, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                AppendList(text, json.EnumerateObject(), static (text, property) =>
                {
                    AppendQuoted(text, property.Name);
                    text.Append(": ");
                    AppendJson(text, property.Value);
                }, "{", "}");
                break;
            case JsonValueKind.Array: AppendList(text, json.EnumerateArray(), static (text, item) => AppendJson(text, item), "[", "]"); break;
            case JsonValueKind.String: AppendQuoted(text, json.GetString()!); break;
            case JsonValueKind.True: text.Append("True"); break;
            case JsonValueKind.False: text.Append("False"); break;
            case JsonValueKind.Number: text.Append(json.GetRawText()); break;
            default: text.Append("None"); break;
        }
    }

    private static void AppendList<T>(StringBuilder text, IEnumerable<T> items, Action<StringBuilder, T> append, string open, string close)
    {
        text.Append(open);
        bool any = false;
        foreach (T item in items)
        {
            if (any) text.Append(", ");
            any = true;
            append(text, item);
        }

        text.Append(close);
    }

    /// <summary>Single quotes, unless the text has such and no double ones.</summary>
    private static void AppendQuoted(StringBuilder text, string value)
    {
        char quote = value.Contains('\'', StringComparison.Ordinal) && !value.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        foreach (char c in value)
        {
            switch (c)
            {
                case '\\': text.Append("\\\\"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case < ' ' or '\x7f': text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"); break;
                default:
                    if (c == quote) text.Append('\\');
                    text.Append(c);
                    break;
            }
        }

        text.Append(quote);
    }

    // A whole number of a floating-point type has its ".0".
    private static string Number(string shortest) => shortest.All(c => char.IsAsciiDigit(c) || c == '-') ? shortest + ".0" : shortest;
}
