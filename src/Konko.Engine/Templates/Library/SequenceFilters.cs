using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Library;

/// <summary>Filters on lists and dictionaries as wholes.</summary>
internal static class SequenceFilters
{
    /// <summary>The filters by name.</summary>
    public static readonly Dictionary<string, Filter> Table = new()
    {
        ["length"] = Length,
        ["count"] = Length,
        ["first"] = First,
        ["last"] = Last,
        ["list"] = ToList,
        ["items"] = Items,
        ["join"] = Join,
        ["reverse"] = Reverse,
        ["sort"] = Sort,
        ["dictsort"] = DictSort,
        ["groupby"] = GroupBy,
        ["unique"] = Unique,
        ["min"] = (context, value, arguments) => Extreme(context, value, arguments, "min", -1),
        ["max"] = (context, value, arguments) => Extreme(context, value, arguments, "max", 1),
        ["sum"] = Sum,
        ["batch"] = Batch,
        ["slice"] = Slice,
    };

    private static IntegerValue Length(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.BindNone("length");
        if (value is StringValue text) context.Step(text.Length >> 5);
        return IntegerValue.Of(Sequences.Length(value));
    }

    private static TemplateValue First(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.BindNone("first");
        TemplateValue[] items = Sequences.Items(context, value);
        return items.Length > 0 ? items[0] : new UndefinedValue("there is no first item");
    }

    private static TemplateValue Last(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.BindNone("last");
        if (value is ListValue { Kind: SequenceKind.Generator }) throw new TemplateException("'generator' object is not reversible");
        TemplateValue[] items = Sequences.Items(context, value);
        return items.Length > 0 ? items[^1] : new UndefinedValue("there is no last item");
    }

    private static ListValue ToList(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.BindNone("list");
        TemplateValue[] items = Sequences.Items(context, value);
        context.MakeElements(items.Length);
        return new ListValue(items);
    }

    private static ListValue Items(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.BindNone("items");
        if (value is UndefinedValue) return new ListValue([], SequenceKind.Generator);
        if (value is not DictValue dict) throw new TemplateException($"items needs a mapping, not '{value.TypeName}'");
        context.MakeElements(dict.Count);
        return new ListValue(dict.Pairs(), SequenceKind.Generator);
    }

    private static StringValue Join(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("join", "d", "attribute");
        Func<RenderContext, TemplateValue, TemplateValue> attribute = Keys.Path(bound[1]);
        StringValue separator = bound[0] is null ? StringValue.Empty : PythonText.Str(context, bound[0]!).WithMarkup(false);
        return Strings.Join(context, separator, Sequences.Items(context, value).Select(item => PythonText.Str(context, attribute(context, item))));
    }

    private static TemplateValue Reverse(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.BindNone("reverse");
        if (value is StringValue) return Sequences.Slice(context, value, NoneValue.Instance, NoneValue.Instance, IntegerValue.Of(-1))!;
        TemplateValue[] items = Sequences.Items(context, value);
        context.MakeElements(items.Length);
        return new ListValue([.. items.AsEnumerable().Reverse()], SequenceKind.Generator);
    }

    private static ListValue Sort(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("sort", "reverse", "case_sensitive", "attribute");
        bool caseSensitive = Take.Condition(bound[1]);
        Func<RenderContext, TemplateValue, TemplateValue>[] paths = bound[2] is StringValue names
            ? [.. names.Text.Split(',').Select(name => Keys.Path(StringValue.Trusted(name)))]
            : [Keys.Path(bound[2])];
        return new ListValue(StableSort.Sort(context, Sequences.Items(context, value), Key, Take.Condition(bound[0])));

        TemplateValue Key(TemplateValue item) =>
            new ListValue(Array.ConvertAll(paths, path => Keys.Folded(context, path(context, item), caseSensitive)));
    }

    private static ListValue DictSort(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("dictsort", "case_sensitive", "by", "reverse");
        bool caseSensitive = Take.Condition(bound[0]);
        int by = bound[1] is null ? 0 : Array.IndexOf(["key", "value"], Take.Text(bound[1], "by").Text);
        if (by < 0) throw new TemplateException("dictsort sorts by 'key' or 'value'");
        if (value is UndefinedValue missing) throw missing.Failure();
        if (value is not DictValue dict) throw new TemplateException($"dictsort needs a mapping, not '{value.TypeName}'");
        return new ListValue(StableSort.Sort(
            context, dict.Pairs(), pair => Keys.Folded(context, ((ListValue)pair).Items[by], caseSensitive), Take.Condition(bound[2])));
    }

    private static ListValue GroupBy(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("groupby", "attribute", "default", "case_sensitive");
        Func<RenderContext, TemplateValue, TemplateValue> path = Keys.Path(Take.Value(bound[0], "attribute"), bound[1]);
        bool caseSensitive = Take.Condition(bound[2]);
        var groups = new List<TemplateValue>();
        var members = new List<TemplateValue>();
        TemplateValue[] sorted = StableSort.Sort(context, Sequences.Items(context, value), Key, reverse: false);
        for (int i = 0; i < sorted.Length; i++)
        {
            members.Add(sorted[i]);
            if (i + 1 < sorted.Length && Comparison.AreEqual(context, Key(sorted[i]), Key(sorted[i + 1]))) continue;
            groups.Add(new ListValue([path(context, members[0]), new ListValue([.. members])], SequenceKind.Tuple));
            members.Clear();
        }
        return new ListValue([.. groups]);

        TemplateValue Key(TemplateValue item) => Keys.Folded(context, path(context, item), caseSensitive);
    }

    private static ListValue Unique(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("unique", "case_sensitive", "attribute");
        Func<RenderContext, TemplateValue, TemplateValue> path = Keys.Path(bound[1]);
        var seen = new HashSet<TemplateValue>(KeyComparer.Instance);
        var unique = new List<TemplateValue>();
        foreach (TemplateValue item in Sequences.Items(context, value))
        {
            context.MakeElements(1);
            TemplateValue key = Keys.Folded(context, path(context, item), Take.Condition(bound[0]));
            if (!KeyComparer.CanBeKey(key)) throw new TemplateException($"unhashable type: '{key.TypeName}'");
            if (seen.Add(key)) unique.Add(item);
        }
        return new ListValue([.. unique], SequenceKind.Generator);
    }

    private static TemplateValue Extreme(RenderContext context, TemplateValue value, CallArguments arguments, string name, int sign)
    {
        TemplateValue?[] bound = arguments.Bind(name, "case_sensitive", "attribute");
        Func<RenderContext, TemplateValue, TemplateValue> path = Keys.Path(bound[1]);
        TemplateValue? best = null, bestKey = null;
        foreach (TemplateValue item in Sequences.Items(context, value))
        {
            TemplateValue key = Keys.Folded(context, path(context, item), Take.Condition(bound[0]));
            if (bestKey is not null && Comparison.Compare(context, key, bestKey) * sign is not > 0) continue;
            (best, bestKey) = (item, key);
        }
        return best ?? new UndefinedValue("there is no item, the sequence is empty");
    }

    private static TemplateValue Sum(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("sum", "attribute", "start");
        Func<RenderContext, TemplateValue, TemplateValue> path = Keys.Path(bound[0]);
        TemplateValue sum = bound[1] ?? IntegerValue.Of(0);
        if (sum is StringValue) throw new TemplateException("sum cannot add strings");
        foreach (TemplateValue item in Sequences.Items(context, value))
        {
            context.Step(1);
            sum = Arithmetic.Add(context, sum, path(context, item));
        }
        return sum;
    }

    private static ListValue Batch(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("batch", "linecount", "fill_with");
        long size = Take.Integer(bound[0], "linecount");
        if (size < 1) throw new TemplateException("batch needs a positive size");
        TemplateValue[] items = Sequences.Items(context, value);
        context.MakeElements(items.Length);
        var batches = new List<TemplateValue>();
        for (int start = 0; start < items.Length; start += (int)Math.Min(size, int.MaxValue / 2))
        {
            var batch = new List<TemplateValue>(items[start..(int)Math.Min(start + size, items.Length)]);
            if (bound[1] is { } fill and not NoneValue && batch.Count < size)
            {
                context.MakeElements(size - batch.Count);
                batch.AddRange(Enumerable.Repeat(fill, (int)size - batch.Count));
            }
            batches.Add(new ListValue([.. batch]));
        }
        return new ListValue([.. batches], SequenceKind.Generator);
    }

    private static ListValue Slice(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("slice", "slices", "fill_with");
        int count = (int)Take.Integer(bound[0], "slices");
        if (count < 1) throw new TemplateException("slice needs a positive number of slices");
        TemplateValue[] items = Sequences.Items(context, value);
        context.MakeElements(items.Length + (long)count);
        int size = items.Length / count, longer = items.Length % count, start = 0;
        var slices = new TemplateValue[count];
        for (int i = 0; i < count; i++)
        {
            int end = start + size + (i < longer ? 1 : 0);
            TemplateValue[] slice = items[start..end];
            slices[i] = new ListValue(bound[1] is { } fill and not NoneValue && i >= longer ? [.. slice, fill] : slice);
            start = end;
        }
        return new ListValue(slices, SequenceKind.Generator);
    }
}
