namespace Konko.Engine.Grammar.Schema;

/// <summary>What must all hold of one value.</summary>
internal sealed class Conditions
{
    private Conditions(IReadOnlyList<Condition> all, bool isNever)
    {
        All = all;
        IsNever = isNever;
        Key = isNever ? "never" : string.Join(" ", all.Select(condition => condition.Key));
    }

    /// <summary>Nothing is asked.</summary>
    public static Conditions None { get; } = new([], isNever: false);

    /// <summary>No value at all.</summary>
    public static Conditions Never { get; } = new([], isNever: true);

    /// <summary>Each once, in the order of their keys.</summary>
    public IReadOnlyList<Condition> All { get; }

    /// <summary>No value satisfies them.</summary>
    public bool IsNever { get; }

    /// <summary>Every value satisfies them.</summary>
    public bool IsNone => !IsNever && All.Count == 0;

    /// <summary>The same for equal ones.</summary>
    public string Key { get; }

    public static Conditions Of(SchemaNode node, bool holds = true)
    {
        if (!node.IsConstant && node.Element.ValueKind is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False)
            return node.Element.ValueKind is System.Text.Json.JsonValueKind.True == holds ? None : Never;
        if (!node.IsConstant && node.Element.ValueKind is System.Text.Json.JsonValueKind.Object && !node.Element.EnumerateObject().Any())
            return holds ? None : Never;
        return new Conditions([new Condition(node, holds)], isNever: false);
    }

    public Conditions And(Conditions other)
    {
        if (IsNever || other.IsNone) return this;
        if (other.IsNever || IsNone) return other;
        if (Key == other.Key) return this;
        return new Conditions([.. All.Concat(other.All).DistinctBy(condition => condition.Key).OrderBy(condition => condition.Key, StringComparer.Ordinal)], isNever: false);
    }

    /// <summary>The ways not to satisfy them.</summary>
    public IEnumerable<Conditions> Negations() =>
        IsNever ? [None] : All.Select(condition => Of(condition.Node, !condition.Holds));
}
