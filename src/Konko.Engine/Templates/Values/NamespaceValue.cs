namespace Konko.Engine.Templates.Values;

/// <summary>Jinja's <c>namespace</c>: the one value whose attributes a template may set.</summary>
internal sealed class NamespaceValue : TemplateValue
{
    private readonly Dictionary<string, TemplateValue> _attributes = [];

    internal override string TypeName => "Namespace";

    /// <summary>Sets an attribute.</summary>
    public void Set(string name, TemplateValue value) => _attributes[name] = value;

    /// <summary>An attribute, or null.</summary>
    public TemplateValue? Get(string name) => _attributes.GetValueOrDefault(name);
}
