using Konko.Engine.Grammar.Text;

namespace Konko.Engine.Grammar.Schema;

/// <summary>What is asked of an object.</summary>
internal sealed record ObjectShape
{
    /// <summary>Any object.</summary>
    public static ObjectShape Any { get; } = new();

    /// <summary>Properties by name, by pattern and others: each layer decides over every property on its own.</summary>
    public IReadOnlyList<PropertyLayer> Layers { get; init; } = [];

    /// <summary>Names that must be there, in the order in which they are asked for.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>What every name must be, as a string.</summary>
    public Conditions Names { get; init; } = Conditions.None;

    /// <summary>Fewest properties.</summary>
    public int Min { get; init; }

    /// <summary>Most properties.</summary>
    public int Max { get; init; } = int.MaxValue;

    /// <summary>It is one of several ways of an <c>anyOf</c>: what the others would say of its properties is not known.</summary>
    public bool IsOneWay { get; init; }

    public bool IsAny => Layers.Count == 0 && Required.Count == 0 && Names.IsNone && Min == 0 && Max == int.MaxValue;

    /// <summary>The names of properties that are spoken of, in the order in which they are.</summary>
    public IEnumerable<string> Declared() => Layers.SelectMany(layer => layer.Properties.Keys).Concat(Required).Distinct(StringComparer.Ordinal);

    /// <summary>What the property of a name must be.</summary>
    public Conditions Of(string name) => Layers.Aggregate(Conditions.None, (all, layer) => all.And(layer.Of(name)));

    /// <summary>Objects of both shapes; null where there are clearly none.</summary>
    public static ObjectShape? Intersect(ObjectShape a, ObjectShape b)
    {
        var both = new ObjectShape
        {
            Layers = [.. a.Layers, .. b.Layers],
            Required = [.. a.Required.Union(b.Required, StringComparer.Ordinal)],
            Names = a.Names.And(b.Names),
            Min = Math.Max(a.Min, b.Min),
            Max = Math.Min(a.Max, b.Max),
            IsOneWay = a.IsOneWay || b.IsOneWay,
        };
        return both.Min > both.Max || both.Required.Count > both.Max || both.Required.Any(name => both.Of(name).IsNever) ? null : both;
    }

    /// <summary>The shapes of all other objects.</summary>
    /// <exception cref="GrammarException">They cannot be told.</exception>
    public IEnumerable<ObjectShape> Complement(string location)
    {
        foreach (string name in Required) yield return With(name, Conditions.Never);
        if (Min > 0) yield return Any with { Max = Min - 1 };
        if (Max < int.MaxValue) yield return Any with { Min = Max + 1 };
        if (!Names.IsNone) throw GrammarException.Unenforceable(location, "the opposite of 'propertyNames' cannot be enforced");
        foreach (PropertyLayer layer in Layers)
        {
            if (!layer.Additional.IsNone || layer.Patterns.Count > 0)
                throw GrammarException.Unenforceable(location, "the opposite of 'additionalProperties' and 'patternProperties' cannot be enforced");
            foreach ((string name, Conditions value) in layer.Properties)
            {
                foreach (Conditions not in value.Negations())
                {
                    if (!not.IsNever) yield return With(name, not) with { Required = [name] };
                }
            }
        }
    }

    private static ObjectShape With(string name, Conditions value)
    {
        var properties = new OrderedDictionary<string, Conditions>(StringComparer.Ordinal) { [name] = value };
        return Any with { Layers = [new PropertyLayer(properties, [], Conditions.None, IsExplicit: false, Evaluates: false)] };
    }
}

/// <summary>What one schema says of properties.</summary>
/// <param name="Properties">By name, in the schema's order.</param>
/// <param name="Patterns">By patterns of names.</param>
/// <param name="Additional">All others.</param>
/// <param name="IsExplicit">Whether the others are spoken of rather than left alone.</param>
/// <param name="Evaluates">Whether what it speaks of counts as evaluated; what a schema forbids, or a constant, does not.</param>
internal sealed record PropertyLayer(
    OrderedDictionary<string, Conditions> Properties, IReadOnlyList<(CharacterDfa Names, Conditions Value)> Patterns, Conditions Additional, bool IsExplicit, bool Evaluates = true)
{
    /// <summary>What the property of a name must be.</summary>
    public Conditions Of(string name)
    {
        bool isNamed = Properties.TryGetValue(name, out Conditions? value);
        value ??= Conditions.None;
        foreach ((CharacterDfa names, Conditions matching) in Patterns)
        {
            if (!names.Matches(name)) continue;
            value = value.And(matching);
            isNamed = true;
        }

        return isNamed ? value : Additional;
    }
}
