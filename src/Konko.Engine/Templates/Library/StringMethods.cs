using System.Collections.Frozen;
using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Library;

/// <summary>The methods of Python's <c>str</c>.</summary>
internal static class StringMethods
{
    private static readonly FrozenDictionary<string, Filter> Methods = new Dictionary<string, Filter>
    {
        ["upper"] = Change("upper", TextCase.Upper),
        ["lower"] = Change("lower", TextCase.Lower),
        ["capitalize"] = Change("capitalize", TextCase.Capitalize),
        ["title"] = Change("title", TextCase.Title),
        ["swapcase"] = Change("swapcase", TextCase.Swap),
        ["strip"] = Strip("strip", left: true, right: true),
        ["lstrip"] = Strip("lstrip", left: true, right: false),
        ["rstrip"] = Strip("rstrip", left: false, right: true),
        ["split"] = Split("split", fromRight: false),
        ["rsplit"] = Split("rsplit", fromRight: true),
        ["splitlines"] = (context, value, arguments) =>
            Strings.SplitLines(context, (StringValue)value, Take.Condition(arguments.Bind("splitlines", "keepends")[0])),
        ["partition"] = Partition("partition", fromRight: false),
        ["rpartition"] = Partition("rpartition", fromRight: true),
        ["replace"] = Replace,
        ["join"] = Join,
        ["format"] = (context, value, arguments) => new BraceFormat(context, (StringValue)value, arguments).Format(),
        ["startswith"] = Affix("startswith", static (text, affix) => text.StartsWith(affix, StringComparison.Ordinal)),
        ["endswith"] = Affix("endswith", static (text, affix) => text.EndsWith(affix, StringComparison.Ordinal)),
        ["removeprefix"] = RemovePrefix,
        ["removesuffix"] = RemoveSuffix,
        ["find"] = Find("find", last: false, mustExist: false),
        ["rfind"] = Find("rfind", last: true, mustExist: false),
        ["index"] = Find("index", last: false, mustExist: true),
        ["rindex"] = Find("rindex", last: true, mustExist: true),
        ["count"] = Count,
        ["ljust"] = Pad("ljust", static (missing, _) => 0),
        ["rjust"] = Pad("rjust", static (missing, _) => missing),
        ["center"] = Pad("center", Centered),
        ["zfill"] = FillZeros,
        ["expandtabs"] = ExpandTabs,
        ["isalpha"] = All("isalpha", UnicodeData.IsAlphabetic),
        ["isalnum"] = All("isalnum", UnicodeData.IsAlphanumeric),
        ["isdigit"] = All("isdigit", UnicodeData.IsDigit),
        ["isdecimal"] = All("isdecimal", UnicodeData.IsDecimal),
        ["isnumeric"] = All("isnumeric", UnicodeData.IsNumeric),
        ["isspace"] = All("isspace", static codePoint => codePoint < 0x10000 && UnicodeData.IsSpace((char)codePoint)),
        ["isupper"] = Cased("isupper", UnicodeData.IsUpper, UnicodeData.IsLower),
        ["islower"] = Cased("islower", UnicodeData.IsLower, UnicodeData.IsUpper),
    }.ToFrozenDictionary();

    /// <summary>A method by name, or null.</summary>
    public static Filter? Find(string name) => Methods.GetValueOrDefault(name);

    /// <summary>Whether all characters, and at least one, are cased as asked.</summary>
    public static bool IsCased(string text, Func<int, bool> wanted, Func<int, bool> other)
    {
        bool found = false;
        for (int i = 0; i < text.Length;)
        {
            int codePoint = UnicodeData.CodePointAt(text, i);
            bool isWanted = wanted(codePoint);
            if (!isWanted && other(codePoint)) return false;
            found |= isWanted;
            i += UnicodeData.UnitsOf(codePoint);
        }
        return found;
    }

    /// <summary>How many of the missing characters Python puts before a centred text.</summary>
    public static long Centered(long missing, long width) => (missing / 2) + (missing & width & 1);

    private static Filter Change(string name, Func<RenderContext, StringValue, StringValue> change) => (context, value, arguments) =>
    {
        arguments.BindNone(name);
        return change(context, (StringValue)value);
    };

    private static Filter Strip(string name, bool left, bool right) => (context, value, arguments) =>
    {
        StringValue? characters = Take.OptionalText(arguments.Bind(name, "chars")[0], "chars");
        context.MakeText(((StringValue)value).Length);
        return Strings.Strip((StringValue)value, characters?.Text, left, right);
    };

    private static Filter Split(string name, bool fromRight) => (context, value, arguments) =>
    {
        TemplateValue?[] bound = arguments.Bind(name, "sep", "maxsplit");
        return Strings.Split(context, (StringValue)value, Take.OptionalText(bound[0], "sep")?.Text, Take.Integer(bound[1], "maxsplit", -1), fromRight);
    };

    private static Filter Partition(string name, bool fromRight) => (context, value, arguments) =>
    {
        var text = (StringValue)value;
        StringValue separator = Take.Text(arguments.Bind(name, "sep")[0], "sep");
        if (separator.Length == 0) throw new TemplateException("empty separator");
        context.MakeText(text.Length);
        int at = fromRight
            ? text.Text.LastIndexOf(separator.Text, StringComparison.Ordinal)
            : text.Text.IndexOf(separator.Text, StringComparison.Ordinal);
        TemplateValue[] parts = at >= 0
            ? [text.Slice(0, at), text.Slice(at, separator.Length), text.Slice(at + separator.Length, text.Length - at - separator.Length)]
            : fromRight ? [StringValue.Empty, StringValue.Empty, text] : [text, StringValue.Empty, StringValue.Empty];
        return new ListValue(parts, SequenceKind.Tuple);
    };

    private static StringValue Replace(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        var text = (StringValue)value;
        TemplateValue?[] bound = arguments.Bind("replace", "old", "new", "count");
        StringValue replacement = Markup.Match(context, Take.Text(bound[1], "new"), text);
        return Strings.Replace(context, text, Take.Text(bound[0], "old"), replacement, Take.Integer(bound[2], "count", -1));
    }

    private static StringValue Join(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        var separator = (StringValue)value;
        TemplateValue[] items = Sequences.Items(context, Take.Value(arguments.Bind("join", "iterable")[0], "iterable"));
        return Strings.Join(context, separator, items.Select(item => item is StringValue text
            ? Markup.Match(context, text, separator)
            : throw new TemplateException($"join needs strings, not '{item.TypeName}'")));
    }

    private static Filter Affix(string name, Func<string, string, bool> matches) => (context, value, arguments) =>
    {
        TemplateValue?[] bound = arguments.Bind(name, "affix", "start", "end");
        TemplateValue affix = Take.Value(bound[0], "affix");
        if (bound[1] is not null || bound[2] is not null)
            value = Sequences.Slice(context, value, bound[1] ?? NoneValue.Instance, bound[2] ?? NoneValue.Instance, NoneValue.Instance)!;
        string text = ((StringValue)value).Text;
        return BooleanValue.Of(affix is ListValue { Kind: SequenceKind.Tuple } choices
            ? choices.Items.Any(choice => matches(text, Take.Text(choice, "affix").Text))
            : matches(text, Take.Text(affix, "affix").Text));
    };

    private static StringValue RemovePrefix(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        var text = (StringValue)value;
        string prefix = Take.Text(arguments.Bind("removeprefix", "prefix")[0], "prefix").Text;
        context.MakeText(text.Length);
        return text.Text.StartsWith(prefix, StringComparison.Ordinal) ? text.Slice(prefix.Length, text.Length - prefix.Length) : text;
    }

    private static StringValue RemoveSuffix(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        var text = (StringValue)value;
        string suffix = Take.Text(arguments.Bind("removesuffix", "suffix")[0], "suffix").Text;
        context.MakeText(text.Length);
        return text.Text.EndsWith(suffix, StringComparison.Ordinal) ? text.Slice(0, text.Length - suffix.Length) : text;
    }

    private static Filter Find(string name, bool last, bool mustExist) => (context, value, arguments) =>
    {
        TemplateValue?[] bound = arguments.Bind(name, "sub", "start", "end");
        (string text, int offset) = Part(context, (StringValue)value, bound[1], bound[2]);
        string sought = Take.Text(bound[0], "sub").Text;
        int at = last ? text.LastIndexOf(sought, StringComparison.Ordinal) : text.IndexOf(sought, StringComparison.Ordinal);
        if (at < 0 && mustExist) throw new TemplateException("substring not found");
        return IntegerValue.Of(at < 0 ? -1 : offset + Sequences.CodePoints(text.AsSpan(0, at)));
    };

    private static IntegerValue Count(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("count", "sub", "start", "end");
        (string text, _) = Part(context, (StringValue)value, bound[1], bound[2]);
        string sought = Take.Text(bound[0], "sub").Text;
        return IntegerValue.Of(sought.Length == 0 ? Sequences.CodePoints(text) + 1 : text.AsSpan().Count(sought));
    }

    private static (string Text, int Offset) Part(RenderContext context, StringValue value, TemplateValue? start, TemplateValue? end)
    {
        context.Step(value.Length >> 5);
        if (start is null && end is null) return (value.Text, 0);
        (int offset, _, _) = Sequences.Bounds(Sequences.Length(value), start ?? NoneValue.Instance, NoneValue.Instance, NoneValue.Instance);
        var part = (StringValue)Sequences.Slice(context, value, start ?? NoneValue.Instance, end ?? NoneValue.Instance, NoneValue.Instance)!;
        return (part.Text, offset);
    }

    private static Filter Pad(string name, Func<long, long, long> before) => (context, value, arguments) =>
    {
        TemplateValue?[] bound = arguments.Bind(name, "width", "fillchar");
        long width = Take.Integer(bound[0], "width");
        StringValue fill = bound[1] is null ? StringValue.Trusted(" ") : Take.Text(bound[1], "fillchar");
        return Strings.Pad(context, (StringValue)value, width, fill, missing => before(missing, width));
    };

    private static StringValue FillZeros(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        var text = (StringValue)value;
        long width = Take.Integer(arguments.Bind("zfill", "width")[0], "width");
        int sign = text.Length > 0 && text.Text[0] is '+' or '-' ? 1 : 0;
        StringValue digits = Strings.Pad(context, text.Slice(sign, text.Length - sign), width - sign, StringValue.Trusted("0"), static missing => missing);
        return Arithmetic.Concatenate(context, text.Slice(0, sign), digits);
    }

    private static StringValue ExpandTabs(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        var text = (StringValue)value;
        long size = Take.Integer(arguments.Bind("expandtabs", "tabsize")[0], "tabsize", 8);
        var builder = new TextBuilder(context);
        long column = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char unit = text.Text[i];
            if (unit == '\t')
            {
                long spaces = size > 0 ? size - (column % size) : 0;
                builder.Append(' ', (int)spaces, text.IsTrustedAt(i));
                column += spaces;
                continue;
            }
            builder.Append(text, i, 1);
            column = unit is '\n' or '\r' ? 0 : char.IsLowSurrogate(unit) ? column : column + 1;
        }
        return builder.ToValue(text.IsMarkup);
    }

    private static Filter All(string name, Func<int, bool> matches) => (context, value, arguments) =>
    {
        arguments.BindNone(name);
        string text = ((StringValue)value).Text;
        context.Step(text.Length);
        for (int i = 0; i < text.Length;)
        {
            int codePoint = UnicodeData.CodePointAt(text, i);
            if (!matches(codePoint)) return BooleanValue.False;
            i += UnicodeData.UnitsOf(codePoint);
        }
        return BooleanValue.Of(text.Length > 0);
    };

    private static Filter Cased(string name, Func<int, bool> wanted, Func<int, bool> other) => (context, value, arguments) =>
    {
        arguments.BindNone(name);
        context.Step(((StringValue)value).Length);
        return BooleanValue.Of(IsCased(((StringValue)value).Text, wanted, other));
    };
}
