using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Library;

/// <summary>The functions that every template can call.</summary>
internal static class Globals
{
    /// <summary>The functions by name.</summary>
    public static readonly IReadOnlyList<FunctionValue> All =
    [
        new("raise_exception", RaiseException),
        new("strftime_now", StrftimeNow),
        new("namespace", Namespace),
        new("range", Range),
        new("dict", Dict),
    ];

    private static TemplateValue RaiseException(RenderContext context, CallArguments arguments) =>
        throw new TemplateRaisedException(PythonText.Str(context, Take.Value(arguments.Bind("raise_exception", "message")[0], "message")).Text);

    private static StringValue StrftimeNow(RenderContext context, CallArguments arguments)
    {
        StringValue format = Take.Text(arguments.Bind("strftime_now", "format")[0], "format");
        string text = TimeText.Format(context.Time.GetLocalNow(), format.Text);
        context.MakeText(text.Length);
        return new StringValue(text, format.IsTrusted);
    }

    private static NamespaceValue Namespace(RenderContext context, CallArguments arguments)
    {
        var result = new NamespaceValue();
        foreach (KeyValuePair<TemplateValue, TemplateValue> member in Dict(context, arguments).Members)
        {
            if (member.Key is StringValue name) result.Set(name.Text, member.Value);
        }
        return result;
    }

    private static ListValue Range(RenderContext context, CallArguments arguments)
    {
        long[] bounds = [.. arguments.Positional.Select(bound => Take.Integer(bound, "range"))];
        if (bounds.Length is 0 or > 3 || arguments.Named.Length > 0) throw new TemplateException("range takes one to three integers");
        long start = bounds.Length > 1 ? bounds[0] : 0, stop = bounds.Length > 1 ? bounds[1] : bounds[0], step = bounds.Length > 2 ? bounds[2] : 1;
        if (step == 0) throw new TemplateException("the step of range cannot be zero");
        long distance = step > 0 ? stop - start : start - stop;
        long count = distance <= 0 ? 0 : ((distance - 1) / Math.Abs(step)) + 1;
        if (count > TemplateLimits.RangeLength) throw new TemplateException($"range is longer than {TemplateLimits.RangeLength}");
        context.MakeElements(count);
        bool trusted = arguments.Positional.All(static bound => bound is not IntegerValue { IsTrusted: false });
        var items = new TemplateValue[count];
        for (int i = 0; i < count; i++) items[i] = new IntegerValue(start + (i * step), trusted);
        return new ListValue(items, SequenceKind.Range);
    }

    private static DictValue Dict(RenderContext context, CallArguments arguments)
    {
        if (arguments.Positional.Length > 1) throw new TemplateException("dict takes at most one argument by position");
        var result = new DictValue();
        if (arguments.Positional is [DictValue dict])
        {
            result = dict.Copy();
        }
        else if (arguments.Positional is [var pairs])
        {
            foreach (TemplateValue pair in Sequences.Items(context, pairs))
            {
                TemplateValue[] parts = Sequences.Items(context, pair);
                if (parts.Length != 2) throw new TemplateException("dict needs pairs of key and value");
                result.Set(parts[0], parts[1]);
            }
        }
        foreach (KeyValuePair<string, TemplateValue> argument in arguments.Named) result.Set(StringValue.Trusted(argument.Key), argument.Value);
        context.MakeElements(result.Count);
        return result;
    }
}
