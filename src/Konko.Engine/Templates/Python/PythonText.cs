using System.Globalization;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Python;

/// <summary>Values as text: Python's <c>str</c> and <c>repr</c>.</summary>
internal static class PythonText
{
    private static readonly StringValue None = StringValue.Trusted("None");
    private static readonly StringValue True = StringValue.Trusted("True");
    private static readonly StringValue False = StringValue.Trusted("False");

    /// <summary>A value as it is printed. The words None, True and False are fixed and so count as the template's own.</summary>
    public static StringValue Str(RenderContext context, TemplateValue value)
    {
        switch (value)
        {
            case StringValue text:
                return text;
            case UndefinedValue:
                return StringValue.Empty;
            case NoneValue:
                return None;
            case BooleanValue boolean:
                return boolean.Value ? True : False;
            case IntegerValue or FloatValue:
                (string digits, bool trusted) = Number(value);
                return new StringValue(digits, trusted);
            default:
                var builder = new TextBuilder(context);
                AppendRepr(context, builder, value, 0);
                return builder.ToValue();
        }
    }

    /// <summary>A value as Python shows it inside a list. Brackets, commas and quotes never count as the template's own.</summary>
    public static StringValue Repr(RenderContext context, TemplateValue value)
    {
        var builder = new TextBuilder(context);
        AppendRepr(context, builder, value, 0);
        return builder.ToValue();
    }

    private static void AppendRepr(RenderContext context, TextBuilder builder, TemplateValue value, int depth)
    {
        context.Step(1);
        if (depth > TemplateLimits.ValueDepth) throw new TemplateException("a value is nested too deeply to be printed");
        switch (value)
        {
            case StringValue text:
                if (text.IsMarkup) builder.Append("Markup(", trusted: false);
                AppendQuoted(builder, text);
                if (text.IsMarkup) builder.Append(')', trusted: false);
                break;
            case IntegerValue or FloatValue:
                (string digits, bool trusted) = Number(value);
                builder.Append(digits, trusted);
                break;
            case UndefinedValue:
                builder.Append("Undefined", trusted: false);
                break;
            case ListValue list:
                AppendList(context, builder, list, depth);
                break;
            case DictValue dict:
                AppendDict(context, builder, dict, depth);
                break;
            case CallableValue callable:
                builder.Append($"<{callable.TypeName} {callable.Name}>", trusted: false);
                break;
            case NamespaceValue:
                builder.Append("<Namespace>", trusted: false);
                break;
            default:
                builder.Append(Str(context, value).Text, trusted: false);
                break;
        }
    }

    private static void AppendList(RenderContext context, TextBuilder builder, ListValue list, int depth)
    {
        (string open, string close) = list.Kind switch
        {
            SequenceKind.Tuple => ("(", list.Items.Length == 1 ? ",)" : ")"),
            SequenceKind.List => ("[", "]"),
            _ => (list.TypeName + "([", "])"),
        };
        builder.Append(open, trusted: false);
        for (int i = 0; i < list.Items.Length; i++)
        {
            if (i > 0) builder.Append(", ", trusted: false);
            AppendRepr(context, builder, list.Items[i], depth + 1);
        }
        builder.Append(close, trusted: false);
    }

    private static void AppendDict(RenderContext context, TextBuilder builder, DictValue dict, int depth)
    {
        builder.Append('{', trusted: false);
        bool first = true;
        foreach (KeyValuePair<TemplateValue, TemplateValue> member in dict.Members)
        {
            if (!first) builder.Append(", ", trusted: false);
            first = false;
            AppendRepr(context, builder, member.Key, depth + 1);
            builder.Append(": ", trusted: false);
            AppendRepr(context, builder, member.Value, depth + 1);
        }
        builder.Append('}', trusted: false);
    }

    private static void AppendQuoted(TextBuilder builder, StringValue value)
    {
        string text = value.Text;
        char quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        builder.Append(quote, trusted: false);
        int plain = 0;
        for (int i = 0; i < text.Length;)
        {
            int codePoint = UnicodeData.CodePointAt(text, i);
            int units = UnicodeData.UnitsOf(codePoint);
            if (codePoint == quote || codePoint == '\\' || !UnicodeData.IsPrintable(codePoint))
            {
                builder.Append(value, plain, i - plain);
                builder.Append(Escape(codePoint), value.IsTrustedAt(i));
                plain = i + units;
            }
            i += units;
        }
        builder.Append(value, plain, text.Length - plain);
        builder.Append(quote, trusted: false);
    }

    private static string Escape(int codePoint) => codePoint switch
    {
        '\'' => "\\'",
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < 0x100 => "\\x" + codePoint.ToString("x2", CultureInfo.InvariantCulture),
        < 0x10000 => "\\u" + codePoint.ToString("x4", CultureInfo.InvariantCulture),
        _ => "\\U" + codePoint.ToString("x8", CultureInfo.InvariantCulture),
    };

    private static (string Digits, bool Trusted) Number(TemplateValue value) => value switch
    {
        IntegerValue integer => (integer.Value.ToString(CultureInfo.InvariantCulture), integer.IsTrusted),
        FloatValue number => (FloatText.Repr(number.Value), number.IsTrusted),
        _ => throw new InvalidOperationException(),
    };
}
