using System.Collections.Frozen;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Library;

/// <summary>The methods of Python's <c>dict</c> that leave it as it is.</summary>
internal static class DictMethods
{
    private static readonly FrozenDictionary<string, Filter> Methods = new Dictionary<string, Filter>
    {
        ["get"] = Get,
        ["keys"] = View("keys", static dict => dict.Keys(), SequenceKind.Keys),
        ["values"] = View("values", static dict => dict.Values(), SequenceKind.Values),
        ["items"] = View("items", static dict => dict.Pairs(), SequenceKind.Items),
        ["copy"] = Copy,
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Mutators = ["clear", "fromkeys", "pop", "popitem", "setdefault", "update"];

    /// <summary>A method by name, or null.</summary>
    public static Filter? Find(string name) => Methods.GetValueOrDefault(name);

    /// <summary>Whether Python has a method of that name that would change the dictionary.</summary>
    public static bool IsMutator(string name) => Mutators.Contains(name);

    private static TemplateValue Get(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        TemplateValue?[] bound = arguments.Bind("get", "key", "default");
        return ((DictValue)value).TryGet(Take.Value(bound[0], "key"), out TemplateValue? found) ? found : bound[1] ?? NoneValue.Instance;
    }

    private static Filter View(string name, Func<DictValue, TemplateValue[]> elements, SequenceKind kind) => (context, value, arguments) =>
    {
        arguments.BindNone(name);
        context.MakeElements(((DictValue)value).Count);
        return new ListValue(elements((DictValue)value), kind);
    };

    private static DictValue Copy(RenderContext context, TemplateValue value, CallArguments arguments)
    {
        arguments.BindNone("copy");
        context.MakeElements(((DictValue)value).Count);
        return ((DictValue)value).Copy();
    }
}
