using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Python;

/// <summary>Python's <c>format % values</c>.</summary>
internal static class PercentFormat
{
    /// <summary>The formatted text; what the format spells and what is put in keep their origins.</summary>
    /// <param name="context">The render.</param>
    /// <param name="format">The format.</param>
    /// <param name="operand">A tuple of values, a dictionary of them, or one value.</param>
    /// <exception cref="TemplateException">The format is malformed, or does not fit the values.</exception>
    public static StringValue Format(RenderContext context, StringValue format, TemplateValue operand)
    {
        TemplateValue[] values = operand is ListValue { Kind: SequenceKind.Tuple } tuple ? tuple.Items : [operand];
        int used = 0;
        string text = format.Text;
        var builder = new TextBuilder(context);
        int plain = 0;
        for (int i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', plain))
        {
            builder.Append(format, plain, i - plain);
            int at = i + 1;
            TemplateValue? value = null;
            if (at < text.Length && text[at] == '(')
            {
                int close = text.IndexOf(')', at);
                if (close < 0) throw new TemplateException("incomplete format key");
                if (operand is not DictValue dict) throw new TemplateException("the format needs a mapping");
                string key = text[(at + 1)..close];
                if (!dict.TryGet(StringValue.Trusted(key), out value)) throw new TemplateException($"the format's key '{key}' is missing");
                at = close + 1;
            }
            (FieldLayout layout, at) = ReadLayout(text, at);
            char type = at < text.Length ? text[at] : throw new TemplateException("incomplete format");
            plain = at + 1;
            if (type == '%')
            {
                builder.Append(format, at, 1);
                continue;
            }
            value ??= used < values.Length ? values[used++] : throw new TemplateException("not enough arguments for the format");
            AppendField(context, builder, value, type, layout, format.IsMarkup);
        }
        builder.Append(format, plain, text.Length - plain);
        if (used < values.Length && operand is not (DictValue or ListValue { Kind: not SequenceKind.Tuple }))
            throw new TemplateException("not all arguments are used by the format");
        return builder.ToValue(format.IsMarkup);
    }

    private static (FieldLayout Layout, int Next) ReadLayout(string text, int at)
    {
        char align = '>', fill = ' ', sign = '-';
        for (; at < text.Length && text[at] is '-' or '0' or '+' or ' ' or '#'; at++)
        {
            if (text[at] == '-') align = '<';
            if (text[at] == '0') fill = '0';
            if (text[at] is '+' or ' ' && sign != '+') sign = text[at];
        }
        if (align == '<') fill = ' ';
        int width = FieldLayout.ReadNumber(text, ref at, 0);
        int precision = -1;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            precision = FieldLayout.ReadNumber(text, ref at, 0);
        }
        while (at < text.Length && text[at] is 'h' or 'l' or 'L') at++;
        return (new FieldLayout(StringValue.Trusted(fill.ToString()), fill == '0' ? '=' : align, sign, width, precision, '\0'), at);
    }

    private static void AppendField(RenderContext context, TextBuilder builder, TemplateValue value, char type, FieldLayout layout, bool isMarkup)
    {
        if (type is 's' or 'r' or 'a' or 'c')
        {
            StringValue text = type is 's' or 'c' ? PythonText.Str(context, value) : PythonText.Repr(context, value);
            if (isMarkup) text = Markup.Escape(context, text);
            layout.AppendText(builder, text, layout.Align == '=' ? '>' : layout.Align, StringValue.Trusted(" "));
            return;
        }
        (string digits, bool negative) = NumberFormat.Format(value, type, layout.Precision);
        Number.TryGet(value, out Number number);
        layout.AppendNumber(builder, digits, negative, number.Trusted);
    }
}
