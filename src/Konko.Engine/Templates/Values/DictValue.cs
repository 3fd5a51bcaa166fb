using System.Diagnostics.CodeAnalysis;

namespace Konko.Engine.Templates.Values;

/// <summary>Python's dictionary: ordered, keyed by strings, numbers, booleans or none. Filled once, then shared.</summary>
internal sealed class DictValue : TemplateValue
{
    private readonly OrderedDictionary<TemplateValue, TemplateValue> _members = new(KeyComparer.Instance);

    /// <summary>Number of members.</summary>
    public int Count => _members.Count;

    /// <summary>The members in order.</summary>
    public OrderedDictionary<TemplateValue, TemplateValue> Members => _members;

    internal override string TypeName => "dict";

    internal override bool IsTrue => _members.Count > 0;

    /// <summary>Adds a member, or replaces the value of an equal key; for filling only.</summary>
    /// <exception cref="TemplateException">The key is of a type that cannot be one.</exception>
    public void Set(TemplateValue key, TemplateValue value)
    {
        if (!KeyComparer.CanBeKey(key)) throw new TemplateException($"unhashable type: '{key.TypeName}'");
        _members[key] = value;
    }

    /// <summary>The value of a key.</summary>
    /// <returns>False where there is none, or where the value cannot be a key.</returns>
    public bool TryGet(TemplateValue key, [NotNullWhen(true)] out TemplateValue? value)
    {
        value = null;
        return KeyComparer.CanBeKey(key) && _members.TryGetValue(key, out value);
    }

    /// <summary>The keys as a new array.</summary>
    public TemplateValue[] Keys() => [.. _members.Keys];

    /// <summary>The values as a new array.</summary>
    public TemplateValue[] Values() => [.. _members.Values];

    /// <summary>The members as pairs.</summary>
    public TemplateValue[] Pairs()
    {
        var pairs = new TemplateValue[_members.Count];
        int count = 0;
        foreach (KeyValuePair<TemplateValue, TemplateValue> member in _members)
            pairs[count++] = new ListValue([member.Key, member.Value], SequenceKind.Tuple);
        return pairs;
    }

    /// <summary>A copy that can be filled further.</summary>
    public DictValue Copy()
    {
        var copy = new DictValue();
        foreach (KeyValuePair<TemplateValue, TemplateValue> member in _members) copy._members.Add(member.Key, member.Value);
        return copy;
    }
}
