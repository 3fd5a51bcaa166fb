using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Library;

/// <summary>Filters that choose: elements, attributes, or another value.</summary>
internal static class SelectionFilters
{
    /// <summary>The filters by name.</summary>
    public static readonly Dictionary<string, Filter> Table = new()
    {
        ["default"] = Default,
        ["d"] = Default,
        ["attr"] = Attribute,
        ["map"] = Map,
        ["select"] = Select(byAttribute: false, keep: true),
        ["reject"] = Select(byAttribute: false, keep: false),
        ["selectattr"] = Select(byAttribute: true, keep: true),
        ["rejectattr"] = Select(byAttribute: true, keep: false),
    };

    private static TemplateValue Default(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("default", "default_value", "boolean");
        bool isMissing = value is UndefinedValue || (Take.Condition(bound[1]) && !value.IsTrue);
        return isMissing ? bound[0] ?? StringValue.Empty : value;
    }

    private static TemplateValue Attribute(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        StringValue name = Take.Text(arguments.Bind("attr", "name")[0], "name");
        return Members.OwnAttribute(value, name.Text) ?? UndefinedValue.Member(value, name);
    }

    private static ListValue Map(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        Func<TemplateValue, TemplateValue> change;
        if (arguments.Positional.Length == 0)
        {
            TemplateValue?[] bound = arguments.Bind("map", "attribute", "default");
            Func<RenderContext, TemplateValue, TemplateValue> path = Keys.Path(Take.Value(bound[0], "attribute"), bound[1]);
            change = item => path(context, item);
        }
        else
        {
            string name = Take.Text(arguments.Positional[0], "filter").Text;
            Filter filter = Filters.Find(name) ?? throw new TemplateException($"there is no filter '{name}'");
            CallArguments rest = arguments.Skip(1);
            change = item => filter(context, item, rest);
        }
        TemplateValue[] items = value.IsTrue ? Sequences.Items(context, value) : [];
        context.MakeElements(items.Length);
        return new ListValue(Array.ConvertAll(items, item => change(item)), SequenceKind.Generator);
    }

    private static Filter Select(bool byAttribute, bool keep) => (context, value, arguments) =>
    {
        // A condition that is false, none included, selects nothing whatever the arguments are.
        if (!value.IsTrue) return new ListValue([], SequenceKind.Generator);
        TemplateValue[] given = arguments.Positional;
        int testIndex = byAttribute ? 1 : 0;
        if (byAttribute && given.Length == 0) throw new TemplateException("selectattr and rejectattr need an attribute");
        Func<RenderContext, TemplateValue, TemplateValue> path = Keys.Path(byAttribute ? given[0] : null);
        Func<TemplateValue, bool> holds = static item => item.IsTrue;
        if (given.Length > testIndex)
        {
            string name = Take.Text(given[testIndex], "test").Text;
            Test test = Tests.Find(name) ?? throw new TemplateException($"there is no test '{name}'");
            CallArguments rest = arguments.Skip(testIndex + 1);
            holds = item => test(context, item, rest);
        }
        TemplateValue[] items = Sequences.Items(context, value);
        context.MakeElements(items.Length);
        return new ListValue([.. items.Where(item => holds(path(context, item)) == keep)], SequenceKind.Generator);
    };
}
