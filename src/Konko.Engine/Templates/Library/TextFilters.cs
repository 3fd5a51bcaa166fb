using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Library;

/// <summary>Filters that make text.</summary>
internal static class TextFilters
{
    /// <summary>The filters by name.</summary>
    public static readonly Dictionary<string, Filter> Table = new()
    {
        ["string"] = Change("string", static (_, text) => text),
        ["upper"] = Change("upper", TextCase.Upper),
        ["lower"] = Change("lower", TextCase.Lower),
        ["capitalize"] = Change("capitalize", TextCase.Capitalize),
        ["title"] = Change("title", TextCase.TitleWords),
        ["e"] = Change("e", Markup.Escape),
        ["escape"] = Change("escape", Markup.Escape),
        ["forceescape"] = Change("forceescape", Markup.ForceEscape),
        ["safe"] = Change("safe", static (_, text) => text.WithMarkup(true)),
        ["trim"] = Trim,
        ["replace"] = Replace,
        ["format"] = Format,
        ["center"] = Center,
        ["indent"] = Indent,
        ["truncate"] = Truncate,
        ["wordcount"] = WordCount,
    };

    private static Filter Change(string name, Func<RenderContext, StringValue, StringValue> change) => (context, value, arguments) =>
    {
        arguments.BindNone(name);
        return change(context, PythonText.Str(context, value));
    };

    private static StringValue Trim(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        StringValue? characters = Take.OptionalText(arguments.Bind("trim", "chars")[0], "chars");
        StringValue text = PythonText.Str(context, value);
        context.MakeText(text.Length);
        return Strings.Strip(text, characters?.Text, left: true, right: true);
    }

    private static StringValue Replace(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("replace", "old", "new", "count");
        StringValue text = PythonText.Str(context, value).WithMarkup(false);
        StringValue old = PythonText.Str(context, Take.Value(bound[0], "old"));
        StringValue replacement = PythonText.Str(context, Take.Value(bound[1], "new"));
        return Strings.Replace(context, text, old, replacement, bound[2] is NoneValue ? -1 : Take.Integer(bound[2], "count", -1));
    }

    private static StringValue Format(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        if (arguments.Positional.Length > 0 && arguments.Named.Length > 0)
            throw new TemplateException("format takes positional or keyword arguments, not both");
        StringValue format = PythonText.Str(context, value);
        if (arguments.Named.Length == 0)
            return PercentFormat.Format(context, format, new ListValue(arguments.Positional, SequenceKind.Tuple));
        var values = new DictValue();
        foreach (KeyValuePair<string, TemplateValue> argument in arguments.Named) values.Set(StringValue.Trusted(argument.Key), argument.Value);
        return PercentFormat.Format(context, format, values);
    }

    private static StringValue Center(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        long width = Take.Integer(arguments.Bind("center", "width")[0], "width", 80);
        return Strings.Pad(context, PythonText.Str(context, value), width, StringValue.Trusted(" "), missing => StringMethods.Centered(missing, width));
    }

    private static StringValue Indent(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("indent", "width", "first", "blank");
        StringValue text = Take.Text(value, "s");
        bool first = Take.Condition(bound[1]), blank = Take.Condition(bound[2]);
        StringValue indent = Indentation(context, bound[0]);
        var builder = new TextBuilder(context);
        // The added line break makes an empty last line count as a line.
        TemplateValue[] lines = Strings.SplitLines(context, Arithmetic.Concatenate(context, text, StringValue.Trusted("\n")), keepEnds: false).Items;
        for (int i = 0; i < lines.Length; i++)
        {
            var line = (StringValue)lines[i];
            if (i > 0) builder.Append('\n', trusted: true);
            if (i == 0 ? first : blank || line.Length > 0) builder.Append(indent);
            builder.Append(line);
        }
        return builder.ToValue(text.IsMarkup);
    }

    private static StringValue Indentation(RenderContext context, TemplateValue? width)
    {
        if (width is StringValue text) return text;
        long spaces = Math.Max(Take.Integer(width, "width", 4), 0);
        context.MakeText(spaces);
        return StringValue.Trusted(new string(' ', (int)spaces));
    }

    private static StringValue Truncate(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("truncate", "length", "killwords", "end", "leeway");
        StringValue text = PythonText.Str(context, value);
        long length = Take.Integer(bound[0], "length", 255);
        StringValue end = bound[2] is null ? StringValue.Trusted("...") : Take.Text(bound[2], "end");
        long leeway = bound[3] is NoneValue ? 5 : Take.Integer(bound[3], "leeway", 5);
        long kept = length - Sequences.Length(end);
        if (kept < 0 || leeway < 0) throw new TemplateException("truncate needs a length of at least that of its end, and no negative leeway");
        if (Sequences.Length(text) <= length + leeway) return text;
        var cut = (StringValue)Sequences.Slice(context, text, NoneValue.Instance, IntegerValue.Of(kept), NoneValue.Instance)!;
        int space = cut.Text.LastIndexOf(' ');
        if (!Take.Condition(bound[1]) && space >= 0) cut = cut.Slice(0, space);
        return Arithmetic.Concatenate(context, cut, end);
    }

    private static IntegerValue WordCount(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.BindNone("wordcount");
        string text = PythonText.Str(context, value).Text;
        context.Step(text.Length);
        int count = 0;
        bool inWord = false;
        for (int i = 0; i < text.Length; i += UnicodeData.UnitsOf(UnicodeData.CodePointAt(text, i)))
        {
            int codePoint = UnicodeData.CodePointAt(text, i);
            bool isWord = codePoint == '_' || UnicodeData.IsAlphanumeric(codePoint);
            if (isWord && !inWord) count++;
            inWord = isWord;
        }
        return IntegerValue.Of(count);
    }
}
