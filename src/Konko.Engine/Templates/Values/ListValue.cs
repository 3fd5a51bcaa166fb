namespace Konko.Engine.Templates.Values;

/// <summary>Python's list, tuple, range, dictionary view or generator over elements that are known.</summary>
/// <param name="items">The elements; not changed afterwards.</param>
/// <param name="kind">Which of them.</param>
internal sealed class ListValue(TemplateValue[] items, SequenceKind kind = SequenceKind.List) : TemplateValue
{
    private bool _consumed;

    /// <summary>Which of Python's sequences this is.</summary>
    public SequenceKind Kind => kind;

    /// <summary>The elements, without reading a generator up.</summary>
    public TemplateValue[] Items => items;

    /// <summary>Whether elements can be taken by index.</summary>
    public bool IsIndexable => kind is SequenceKind.List or SequenceKind.Tuple or SequenceKind.Range;

    internal override string TypeName => kind switch
    {
        SequenceKind.Tuple => "tuple",
        SequenceKind.Range => "range",
        SequenceKind.Keys => "dict_keys",
        SequenceKind.Values => "dict_values",
        SequenceKind.Items => "dict_items",
        SequenceKind.Generator => "generator",
        _ => "list",
    };

    internal override bool IsTrue => kind == SequenceKind.Generator || items.Length > 0;

    /// <summary>The elements for a loop; a generator has them once.</summary>
    public TemplateValue[] Take()
    {
        if (kind != SequenceKind.Generator) return items;
        TemplateValue[] rest = _consumed ? [] : items;
        _consumed = true;
        return rest;
    }
}
