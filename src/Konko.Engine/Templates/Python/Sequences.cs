using System.Numerics;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Python;

/// <summary>Iterating, counting, indexing and slicing, strings by code points.</summary>
internal static class Sequences
{
    /// <summary>The elements that a loop over the value sees.</summary>
    /// <exception cref="TemplateException">It cannot be iterated.</exception>
    public static TemplateValue[] Items(RenderContext context, TemplateValue value)
    {
        switch (value)
        {
            case ListValue list:
                return list.Take();
            case DictValue dict:
                context.MakeElements(dict.Count);
                return dict.Keys();
            case StringValue text:
                context.MakeElements(text.Length);
                return Characters(text);
            case UndefinedValue:
                return [];
            default:
                throw new TemplateException($"'{value.TypeName}' object is not iterable");
        }
    }

    /// <summary>Python's <c>len</c>.</summary>
    /// <exception cref="TemplateException">The value has no length.</exception>
    public static int Length(TemplateValue value) => value switch
    {
        StringValue text => CodePoints(text.Text),
        DictValue dict => dict.Count,
        ListValue { Kind: not SequenceKind.Generator } list => list.Items.Length,
        UndefinedValue => 0,
        _ => throw new TemplateException($"object of type '{value.TypeName}' has no length"),
    };

    /// <summary>The element at an index, negative ones from the end; null where there is none.</summary>
    public static TemplateValue? At(RenderContext context, TemplateValue value, BigInteger index)
    {
        if (value is ListValue { IsIndexable: true } list)
        {
            if (index.Sign < 0) index += list.Items.Length;
            return index.Sign >= 0 && index < list.Items.Length ? list.Items[(int)index] : null;
        }
        if (value is not StringValue text) return null;
        context.Step(text.Length >> 5);
        int[]? starts = Starts(text.Text);
        int length = starts is null ? text.Length : starts.Length - 1;
        if (index.Sign < 0) index += length;
        if (index.Sign < 0 || index >= length) return null;
        int at = (int)index;
        return starts is null ? text.Slice(at, 1) : text.Slice(starts[at], starts[at + 1] - starts[at]);
    }

    /// <summary>A slice; null where the value has none.</summary>
    /// <exception cref="TemplateException">The step is 0, or a bound is not an integer.</exception>
    public static TemplateValue? Slice(RenderContext context, TemplateValue value, TemplateValue start, TemplateValue stop, TemplateValue step)
    {
        if (value is ListValue { IsIndexable: true } list)
        {
            (int from, int count, int by) = Bounds(list.Items.Length, start, stop, step);
            context.MakeElements(count);
            var items = new TemplateValue[count];
            for (int i = 0; i < count; i++) items[i] = list.Items[from + (i * by)];
            return new ListValue(items, list.Kind == SequenceKind.Tuple ? SequenceKind.Tuple : SequenceKind.List);
        }
        return value is StringValue text ? Slice(context, text, start, stop, step) : null;
    }

    /// <summary>The UTF-16 index of a string's code points from which slices count, and one past the end; null where each is one unit.</summary>
    public static int[]? Starts(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\ud800', '\udfff')) return null;
        var starts = new List<int>(text.Length);
        for (int i = 0; i < text.Length; i += UnicodeData.UnitsOf(UnicodeData.CodePointAt(text, i))) starts.Add(i);
        starts.Add(text.Length);
        return [.. starts];
    }

    /// <summary>Number of code points.</summary>
    public static int CodePoints(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyInRange('\ud800', '\udfff')) return text.Length;
        int count = 0;
        for (int i = 0; i < text.Length; i += UnicodeData.UnitsOf(UnicodeData.CodePointAt(text, i))) count++;
        return count;
    }

    /// <summary>Where a slice starts, how many elements it has, and the step between them.</summary>
    public static (int Start, int Count, int Step) Bounds(int length, TemplateValue start, TemplateValue stop, TemplateValue step)
    {
        int by = Bound(step, 1);
        if (by == 0) throw new TemplateException("slice step cannot be zero");
        int low = by > 0 ? 0 : -1;
        int high = by > 0 ? length : length - 1;
        int from = Clamp(start, by > 0 ? low : high, length, low, high);
        int to = Clamp(stop, by > 0 ? high : low, length, low, high);
        long distance = by > 0 ? (long)to - from : (long)from - to;
        int count = distance <= 0 ? 0 : (int)((distance - 1) / Math.Abs((long)by)) + 1;
        return (from, count, by);
    }

    private static StringValue Slice(RenderContext context, StringValue text, TemplateValue start, TemplateValue stop, TemplateValue step)
    {
        context.Step(text.Length >> 5);
        int[]? starts = Starts(text.Text);
        (int from, int count, int by) = Bounds(starts is null ? text.Length : starts.Length - 1, start, stop, step);
        if (by == 1)
        {
            int first = starts is null ? from : starts[from];
            int end = starts is null ? from + count : starts[from + count];
            context.MakeText(end - first);
            return text.Slice(first, end - first);
        }
        var builder = new TextBuilder(context);
        for (int i = 0; i < count; i++)
        {
            int at = from + (i * by);
            if (starts is null) builder.Append(text, at, 1);
            else builder.Append(text, starts[at], starts[at + 1] - starts[at]);
        }
        return builder.ToValue(text.IsMarkup);
    }

    private static TemplateValue[] Characters(StringValue text)
    {
        int[]? starts = Starts(text.Text);
        var characters = new TemplateValue[starts is null ? text.Length : starts.Length - 1];
        for (int i = 0; i < characters.Length; i++)
            characters[i] = starts is null ? text.Slice(i, 1) : text.Slice(starts[i], starts[i + 1] - starts[i]);
        return characters;
    }

    private static int Clamp(TemplateValue value, int missing, int length, int low, int high)
    {
        if (value is NoneValue) return missing;
        int bound = Bound(value, missing);
        if (bound < 0) bound = (int)Math.Max((long)bound + length, low);
        return Math.Clamp(bound, Math.Min(low, high), Math.Max(low, high));
    }

    private static int Bound(TemplateValue value, int missing)
    {
        if (value is NoneValue) return missing;
        if (value is not (IntegerValue or BooleanValue)) throw new TemplateException($"slice bounds must be integers or none, not '{value.TypeName}'");
        Number.TryGet(value, out Number number);
        return number.Integer > int.MaxValue ? int.MaxValue : number.Integer < -int.MaxValue ? -int.MaxValue : (int)number.Integer;
    }
}
