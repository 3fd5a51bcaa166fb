using System.Collections.Frozen;
using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Library;

/// <summary>The methods of Python's <c>list</c> and <c>tuple</c> that leave them as they are.</summary>
internal static class ListMethods
{
    private static readonly FrozenDictionary<string, Filter> Methods = new Dictionary<string, Filter>
    {
        ["index"] = Index,
        ["count"] = Count,
        ["copy"] = Copy,
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Mutators = ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"];

    /// <summary>A method by name, or null.</summary>
    public static Filter? Find(string name) => Methods.GetValueOrDefault(name);

    /// <summary>Whether Python has a method of that name that would change the list.</summary>
    public static bool IsMutator(string name) => Mutators.Contains(name);

    private static IntegerValue Index(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue sought = Take.Value(arguments.Bind("index", "value")[0], "value");
        TemplateValue[] items = ((ListValue)value).Items;
        for (int i = 0; i < items.Length; i++)
        {
            if (Comparison.AreEqual(context, items[i], sought)) return IntegerValue.Of(i);
        }
        throw new TemplateException("the value is not in the list");
    }

    private static IntegerValue Count(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue sought = Take.Value(arguments.Bind("count", "value")[0], "value");
        return IntegerValue.Of(((ListValue)value).Items.Count(item => Comparison.AreEqual(context, item, sought)));
    }

    private static ListValue Copy(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.BindNone("copy");
        context.MakeElements(((ListValue)value).Items.Length);
        return new ListValue([.. ((ListValue)value).Items]);
    }
}
