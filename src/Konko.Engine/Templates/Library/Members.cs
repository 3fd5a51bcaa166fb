using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Library;

/// <summary>Attributes and items: <c>a.b</c> looks for an attribute first, <c>a['b']</c> for an item first.</summary>
internal static class Members
{
    /// <summary><c>value.name</c>.</summary>
    /// <returns>An undefined value where there is none.</returns>
    /// <exception cref="TemplateException">The value itself is undefined.</exception>
    public static TemplateValue Attribute(RenderContext context, TemplateValue value, StringValue name)
    {
        if (value is UndefinedValue missing) throw missing.Failure();
        return OwnAttribute(value, name.Text)
            ?? (value is DictValue dict && dict.TryGet(name, out TemplateValue? item) ? item : UndefinedValue.Member(value, name));
    }

    /// <summary><c>value[key]</c>.</summary>
    /// <returns>An undefined value where there is none.</returns>
    /// <exception cref="TemplateException">The value itself is undefined.</exception>
    public static TemplateValue Item(RenderContext context, TemplateValue value, TemplateValue key)
    {
        if (value is UndefinedValue missing) throw missing.Failure();
        if (value is DictValue dict && dict.TryGet(key, out TemplateValue? item)) return item;
        if (key is StringValue name) return OwnAttribute(value, name.Text) ?? UndefinedValue.Member(value, name);
        TemplateValue? element = Number.TryGet(key, out Number index) && !index.IsFloat ? Sequences.At(context, value, index.Integer) : null;
        return element ?? UndefinedValue.Member(value, key);
    }

    /// <summary>An attribute that is not also an item, or null.</summary>
    public static TemplateValue? OwnAttribute(TemplateValue value, string name)
    {
        switch (value)
        {
            case NamespaceValue space:
                return space.Get(name);
            case LoopValue loop:
                return loop.Get(name);
            case DictValue:
                return Method(value, name, DictMethods.Find(name), DictMethods.IsMutator(name));
            case StringValue:
                return Method(value, name, StringMethods.Find(name), isMutator: false);
            case ListValue { Kind: SequenceKind.List } or ListValue { Kind: SequenceKind.Tuple }:
                return Method(value, name, ListMethods.Find(name), ListMethods.IsMutator(name));
            default:
                return null;
        }
    }

    private static TemplateValue? Method(TemplateValue value, string name, Filter? body, bool isMutator)
    {
        if (body is not null) return new MethodValue(name, value, body);
        return isMutator ? new UndefinedValue($"'{name}' would change a {value.TypeName}, which a template may not") : null;
    }
}
