using System.Globalization;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Python;

/// <summary>Values as JSON, byte for byte as Python's <c>json.dumps</c>. Only strings, and separators that the template gives, can be its own.</summary>
/// <param name="context">The render.</param>
/// <param name="options">How to write.</param>
internal sealed class JsonText(RenderContext context, JsonOptions options)
{
    private readonly TextBuilder _builder = new(context);

    /// <summary>A value as JSON.</summary>
    /// <exception cref="TemplateException">JSON has nothing for the value.</exception>
    public static StringValue Write(RenderContext context, TemplateValue value, JsonOptions options)
    {
        var writer = new JsonText(context, options);
        writer.Append(value, 0);
        return writer._builder.ToValue();
    }

    private void Append(TemplateValue value, int depth)
    {
        context.Step(1);
        if (depth > TemplateLimits.ValueDepth) throw new TemplateException("a value is nested too deeply for tojson");
        switch (value)
        {
            case StringValue text:
                AppendString(text);
                break;
            case NoneValue or BooleanValue or IntegerValue or FloatValue:
                _builder.Append(Scalar(value), trusted: false);
                break;
            case DictValue dict:
                AppendDict(dict, depth);
                break;
            case ListValue { Kind: SequenceKind.List or SequenceKind.Tuple } list:
                AppendList(list, depth);
                break;
            default:
                throw new TemplateException($"a value of type '{value.TypeName}' is not JSON serializable");
        }
    }

    private void AppendList(ListValue list, int depth)
    {
        if (list.Items.Length == 0)
        {
            _builder.Append("[]", trusted: false);
            return;
        }
        _builder.Append('[', trusted: false);
        for (int i = 0; i < list.Items.Length; i++)
        {
            if (i > 0) _builder.Append(options.ItemSeparator);
            AppendNewLine(depth + 1);
            Append(list.Items[i], depth + 1);
        }
        AppendNewLine(depth);
        _builder.Append(']', trusted: false);
    }

    private void AppendDict(DictValue dict, int depth)
    {
        if (dict.Count == 0)
        {
            _builder.Append("{}", trusted: false);
            return;
        }
        _builder.Append('{', trusted: false);
        bool first = true;
        foreach (KeyValuePair<TemplateValue, TemplateValue> member in options.SortKeys ? Sorted(dict) : dict.Members)
        {
            if (!first) _builder.Append(options.ItemSeparator);
            first = false;
            AppendNewLine(depth + 1);
            AppendString(member.Key as StringValue ?? StringValue.Untrusted(Scalar(member.Key)));
            _builder.Append(options.KeySeparator);
            Append(member.Value, depth + 1);
        }
        AppendNewLine(depth);
        _builder.Append('}', trusted: false);
    }

    private IEnumerable<KeyValuePair<TemplateValue, TemplateValue>> Sorted(DictValue dict) =>
        StableSort.Sort(context, dict.Pairs(), static pair => ((ListValue)pair).Items[0], reverse: false)
            .Select(static pair => KeyValuePair.Create(((ListValue)pair).Items[0], ((ListValue)pair).Items[1]));

    private void AppendNewLine(int depth)
    {
        if (options.Indent is null) return;
        _builder.Append('\n', trusted: false);
        for (int i = 0; i < depth; i++) _builder.Append(options.Indent);
    }

    private void AppendString(StringValue value)
    {
        string text = value.Text;
        _builder.Append('"', trusted: false);
        int plain = 0;
        for (int i = 0; i < text.Length; i++)
        {
            string? escape = Escape(text[i]);
            if (escape is null) continue;
            _builder.Append(value, plain, i - plain);
            _builder.Append(escape, value.IsTrustedAt(i));
            plain = i + 1;
        }
        _builder.Append(value, plain, text.Length - plain);
        _builder.Append('"', trusted: false);
    }

    private string? Escape(char unit) => unit switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        < ' ' => "\\u" + ((int)unit).ToString("x4", CultureInfo.InvariantCulture),
        > '~' when options.EnsureAscii && unit != '\x7f' => "\\u" + ((int)unit).ToString("x4", CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string Scalar(TemplateValue value) => value switch
    {
        BooleanValue boolean => boolean.Value ? "true" : "false",
        IntegerValue integer => integer.Value.ToString(CultureInfo.InvariantCulture),
        FloatValue { Value: double.NaN } => "NaN",
        FloatValue number when double.IsInfinity(number.Value) => number.Value > 0 ? "Infinity" : "-Infinity",
        FloatValue number => FloatText.Repr(number.Value),
        _ => "null",
    };
}
