using System.Globalization;
using Konko.Engine.Templates.Library;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Python;

/// <summary>Python's <c>str.format</c>: fields by position or name with attributes, items, conversion and layout.</summary>
/// <param name="context">The render.</param>
/// <param name="format">The format.</param>
/// <param name="arguments">The values.</param>
internal sealed class BraceFormat(RenderContext context, StringValue format, CallArguments arguments)
{
    private int _next;

    /// <summary>The formatted text; what the format spells and what is put in keep their origins.</summary>
    /// <exception cref="TemplateException">The format is malformed, or does not fit the values.</exception>
    public StringValue Format()
    {
        string text = format.Text;
        var builder = new TextBuilder(context);
        for (int i = 0; i < text.Length;)
        {
            int brace = text.AsSpan(i).IndexOfAny('{', '}');
            int end = brace < 0 ? text.Length : i + brace;
            builder.Append(format, i, end - i);
            i = end;
            if (i == text.Length) break;
            if (i + 1 < text.Length && text[i + 1] == text[i])
            {
                builder.Append(format, i, 1);
                i += 2;
                continue;
            }
            int close = text[i] == '{' ? text.IndexOf('}', i) : -1;
            if (close < 0) throw new TemplateException("single brace in a format string");
            if (text.AsSpan(i + 1, close - i - 1).Contains('{')) throw new TemplateException("nested fields in a format string are not supported");
            AppendField(builder, i + 1, close);
            i = close + 1;
        }
        return builder.ToValue(format.IsMarkup);
    }

    private void AppendField(TextBuilder builder, int start, int end)
    {
        string field = format.Text[start..end];
        int colon = field.IndexOf(':', StringComparison.Ordinal);
        StringValue layout = colon < 0 ? StringValue.Empty : format.Slice(start + colon + 1, field.Length - colon - 1);
        if (colon >= 0) field = field[..colon];
        int mark = field.IndexOf('!', StringComparison.Ordinal);
        TemplateValue value = Resolve(mark < 0 ? field : field[..mark]);
        if (mark >= 0)
        {
            value = field[(mark + 1)..] switch
            {
                "r" => PythonText.Repr(context, value),
                "s" => PythonText.Str(context, value),
                _ => throw new TemplateException($"unknown conversion in the format field '{field}'"),
            };
        }
        AppendValue(builder, value, layout);
    }

    private TemplateValue Resolve(string field)
    {
        int end = field.AsSpan().IndexOfAny('.', '[');
        string name = end < 0 ? field : field[..end];
        TemplateValue value = Argument(name);
        for (int i = end < 0 ? field.Length : end; i < field.Length;)
        {
            bool isItem = field[i] == '[';
            int next = isItem ? field.IndexOf(']', i) : field.AsSpan(i + 1).IndexOfAny('.', '[') is var n && n >= 0 ? i + 1 + n : field.Length;
            if (next < 0) throw new TemplateException("missing ']' in a format string");
            string key = field[(i + 1)..next];
            TemplateValue member = isItem && int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                ? IntegerValue.Of(index)
                : StringValue.Trusted(key);
            value = isItem ? Members.Item(context, value, member) : Members.Attribute(context, value, (StringValue)member);
            if (value is UndefinedValue missing) throw missing.Failure();
            i = isItem ? next + 1 : next;
        }
        return value;
    }

    private TemplateValue Argument(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            int index = _next;
            if (name.Length == 0) _next++;
            else if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out index)) throw new TemplateException($"invalid format field '{name}'");
            return index < arguments.Positional.Length ? arguments.Positional[index] : throw new TemplateException("not enough arguments for the format string");
        }
        foreach (KeyValuePair<string, TemplateValue> argument in arguments.Named)
        {
            if (argument.Key == name) return argument.Value;
        }
        throw new TemplateException($"the format string's '{name}' is missing");
    }

    private void AppendValue(TextBuilder builder, TemplateValue value, StringValue specification)
    {
        (FieldLayout layout, char type) = ReadLayout(specification);
        bool isNumber = Number.TryGet(value, out Number number) && (value is not BooleanValue || type != '\0');
        if (isNumber && type is not ('\0' or 's'))
        {
            (string digits, bool negative) = NumberFormat.Format(value, type == 'n' ? 'd' : type, layout.Precision);
            (layout.Align == '\0' ? layout with { Align = '>' } : layout).AppendNumber(builder, digits, negative, number.Trusted);
        }
        else if (isNumber && type == '\0')
        {
            string digits = layout.Precision >= 0 ? NumberFormat.Format(value, 'g', layout.Precision).Digits : PythonText.Str(context, value).Text.TrimStart('-');
            bool negative = number.IsFloat ? double.IsNegative(number.Float) : number.Integer.Sign < 0;
            (layout.Align == '\0' ? layout with { Align = '>' } : layout).AppendNumber(builder, digits, negative, number.Trusted);
        }
        else
        {
            if (type is not ('\0' or 's')) throw new TemplateException($"unknown format code '{type}' for '{value.TypeName}'");
            StringValue text = Markup.Match(context, PythonText.Str(context, value), format);
            layout.AppendText(builder, text, layout.Align is '\0' or '=' ? '<' : layout.Align, layout.Fill);
        }
    }

    private static (FieldLayout Layout, char Type) ReadLayout(StringValue specification)
    {
        string text = specification.Text;
        int at = 0;
        StringValue fill = StringValue.Trusted(" ");
        char align = '\0', sign = '-', grouping = '\0';
        if (text.Length > 1 && text[1] is '<' or '>' or '^' or '=')
        {
            fill = specification.Slice(0, 1);
            align = text[1];
            at = 2;
        }
        else if (text.Length > 0 && text[0] is '<' or '>' or '^' or '=')
        {
            align = text[0];
            at = 1;
        }
        if (at < text.Length && text[at] is '+' or '-' or ' ') sign = text[at++];
        if (at < text.Length && text[at] == '0')
        {
            at++;
            if (align == '\0') (align, fill) = ('=', StringValue.Trusted("0"));
        }
        int width = FieldLayout.ReadNumber(text, ref at, 0);
        if (at < text.Length && text[at] is ',' or '_') grouping = text[at++];
        int precision = -1;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            precision = FieldLayout.ReadNumber(text, ref at, 0);
        }
        char type = at < text.Length ? text[at++] : '\0';
        if (at != text.Length) throw new TemplateException($"invalid format specifier '{text}'");
        return (new FieldLayout(fill, align, sign, width, precision, grouping), type);
    }
}
