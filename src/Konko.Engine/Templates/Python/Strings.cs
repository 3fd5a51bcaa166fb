using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Python;

/// <summary>Python's operations on strings. Every character of a result keeps the origin it had.</summary>
internal static class Strings
{
    /// <summary>A string without certain characters at its ends.</summary>
    /// <param name="value">The string.</param>
    /// <param name="characters">The characters; null for white space.</param>
    /// <param name="left">Whether the beginning is stripped.</param>
    /// <param name="right">Whether the end is stripped.</param>
    public static StringValue Strip(StringValue value, string? characters, bool left, bool right)
    {
        string text = value.Text;
        int start = 0, end = text.Length;
        while (left && start < end)
        {
            int codePoint = UnicodeData.CodePointAt(text, start);
            if (!IsStripped(codePoint, characters)) break;
            start += UnicodeData.UnitsOf(codePoint);
        }
        while (right && end > start)
        {
            int units = end - start > 1 && char.IsLowSurrogate(text[end - 1]) && char.IsHighSurrogate(text[end - 2]) ? 2 : 1;
            if (!IsStripped(UnicodeData.CodePointAt(text, end - units), characters)) break;
            end -= units;
        }
        return value.Slice(start, end - start);
    }

    /// <summary>A string with occurrences of another replaced.</summary>
    /// <param name="context">The render.</param>
    /// <param name="value">The string.</param>
    /// <param name="old">What is replaced; empty: a place before every character and at the end.</param>
    /// <param name="replacement">What by.</param>
    /// <param name="count">At most how often; negative: always.</param>
    public static StringValue Replace(RenderContext context, StringValue value, StringValue old, StringValue replacement, long count)
    {
        string text = value.Text;
        var builder = new TextBuilder(context);
        int done = 0;
        if (old.Length == 0)
        {
            for (int i = 0; i <= text.Length && count != 0; count--)
            {
                builder.Append(replacement);
                if (i == text.Length) break;
                int units = UnicodeData.UnitsOf(UnicodeData.CodePointAt(text, i));
                builder.Append(value, i, units);
                done = i += units;
            }
        }
        else
        {
            for (int at; count != 0 && (at = text.IndexOf(old.Text, done, StringComparison.Ordinal)) >= 0; count--)
            {
                builder.Append(value, done, at - done);
                builder.Append(replacement);
                done = at + old.Length;
            }
            if (done == 0) return value;
        }
        builder.Append(value, done, text.Length - done);
        return builder.ToValue(value.IsMarkup);
    }

    /// <summary>Python's <c>split</c> and <c>rsplit</c>.</summary>
    /// <param name="context">The render.</param>
    /// <param name="value">The string.</param>
    /// <param name="separator">The separator; null for runs of white space.</param>
    /// <param name="limit">At most how many splits; negative: all.</param>
    /// <param name="fromRight">Whether the splits are counted from the end.</param>
    public static ListValue Split(RenderContext context, StringValue value, string? separator, long limit, bool fromRight)
    {
        if (separator is { Length: 0 }) throw new TemplateException("empty separator");
        context.MakeText(value.Length);
        List<StringValue> parts = fromRight ? SplitRight(value, separator, limit) : SplitLeft(value, separator, limit);
        context.MakeElements(parts.Count);
        return new ListValue([.. parts]);
    }

    /// <summary>Python's <c>splitlines</c>.</summary>
    public static ListValue SplitLines(RenderContext context, StringValue value, bool keepEnds)
    {
        context.MakeText(value.Length);
        var lines = new List<TemplateValue>();
        string text = value.Text;
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is not ((>= '\n' and <= '\r') or (>= '\x1c' and <= '\x1e') or '\x85' or '\u2028' or '\u2029')) continue;
            int end = i;
            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n') i++;
            lines.Add(value.Slice(start, (keepEnds ? i + 1 : end) - start));
            start = i + 1;
        }
        if (start < text.Length) lines.Add(value.Slice(start, text.Length - start));
        context.MakeElements(lines.Count);
        return new ListValue([.. lines]);
    }

    /// <summary>A string padded to a width with one character.</summary>
    /// <param name="context">The render.</param>
    /// <param name="value">The string.</param>
    /// <param name="width">The width in characters.</param>
    /// <param name="fill">The character.</param>
    /// <param name="before">How many of the missing characters go before it.</param>
    public static StringValue Pad(RenderContext context, StringValue value, long width, StringValue fill, Func<long, long> before)
    {
        if (Sequences.Length(fill) != 1) throw new TemplateException("the fill character must be exactly one character long");
        long missing = width - Sequences.Length(value);
        if (missing <= 0) return value;
        context.MakeText(missing);
        long left = before(missing);
        var builder = new TextBuilder(context);
        for (long i = 0; i < left; i++) builder.Append(fill);
        builder.Append(value);
        for (long i = left; i < missing; i++) builder.Append(fill);
        return builder.ToValue(value.IsMarkup);
    }

    /// <summary>Strings with a separator between them.</summary>
    public static StringValue Join(RenderContext context, StringValue separator, IEnumerable<StringValue> parts)
    {
        var builder = new TextBuilder(context);
        bool first = true;
        foreach (StringValue part in parts)
        {
            context.Step(1);
            if (!first) builder.Append(separator);
            first = false;
            builder.Append(part);
        }
        return builder.ToValue(separator.IsMarkup);
    }

    private static List<StringValue> SplitLeft(StringValue value, string? separator, long limit)
    {
        string text = value.Text;
        var parts = new List<StringValue>();
        int start = separator is null ? SkipSpace(text, 0) : 0;
        while (separator is null ? start < text.Length : true)
        {
            int at = limit == 0 ? -1 : separator is null ? NextSpace(text, start) : text.IndexOf(separator, start, StringComparison.Ordinal);
            if (at < 0) break;
            limit--;
            parts.Add(value.Slice(start, at - start));
            start = separator is null ? SkipSpace(text, at) : at + separator.Length;
        }
        if (separator is not null) parts.Add(value.Slice(start, text.Length - start));
        else if (start < text.Length) parts.Add(value.Slice(start, text.Length - start));
        return parts;
    }

    private static List<StringValue> SplitRight(StringValue value, string? separator, long limit)
    {
        string text = value.Text;
        var parts = new List<StringValue>();
        int end = separator is null ? SkipSpaceBack(text, text.Length) : text.Length;
        while (separator is null ? end > 0 : true)
        {
            int at = limit == 0 || end == 0 ? -1
                : separator is null ? PreviousSpace(text, end)
                : text.AsSpan(0, end).LastIndexOf(separator, StringComparison.Ordinal);
            if (at < 0) break;
            limit--;
            int from = separator is null ? at + 1 : at + separator.Length;
            parts.Add(value.Slice(from, end - from));
            end = separator is null ? SkipSpaceBack(text, at) : at;
        }
        if (separator is not null || end > 0) parts.Add(value.Slice(0, end));
        parts.Reverse();
        return parts;
    }

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length && UnicodeData.IsSpace(text[at])) at++;
        return at;
    }

    private static int NextSpace(string text, int at)
    {
        while (at < text.Length && !UnicodeData.IsSpace(text[at])) at++;
        return at < text.Length ? at : -1;
    }

    private static int SkipSpaceBack(string text, int end)
    {
        while (end > 0 && UnicodeData.IsSpace(text[end - 1])) end--;
        return end;
    }

    private static int PreviousSpace(string text, int end)
    {
        int at = end - 1;
        while (at >= 0 && !UnicodeData.IsSpace(text[at])) at--;
        return at;
    }

    private static bool IsStripped(int codePoint, string? characters)
    {
        if (characters is null) return codePoint < 0x10000 && UnicodeData.IsSpace((char)codePoint);
        Span<char> units = stackalloc char[4];
        return characters.AsSpan().IndexOf(units[..UnicodeData.Write(codePoint, units)]) >= 0;
    }
}
