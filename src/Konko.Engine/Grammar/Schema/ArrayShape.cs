namespace Konko.Engine.Grammar.Schema;

/// <summary>What is asked of an array.</summary>
internal sealed record ArrayShape
{
    /// <summary>Any array.</summary>
    public static ArrayShape Any { get; } = new();

    /// <summary>What the first items must be, one each.</summary>
    public IReadOnlyList<Conditions> Prefix { get; init; } = [];

    /// <summary>How many of the first items count as evaluated; what a schema forbids, or a constant, evaluates none.</summary>
    public int Evaluated { get; init; }

    /// <summary>What each further item must be.</summary>
    public Conditions Items { get; init; } = Conditions.None;

    /// <summary>Whether <see cref="Items"/> was asked for rather than assumed.</summary>
    public bool EvaluatesItems { get; init; }

    /// <summary>Fewest items.</summary>
    public int Min { get; init; }

    /// <summary>Most items.</summary>
    public int Max { get; init; } = int.MaxValue;

    /// <summary>What some items must be: how many at least and at most.</summary>
    public (Conditions Item, int Min, int Max)? Contains { get; init; }

    /// <summary>Where unique items are asked for; null where they are not.</summary>
    public string? UniqueAt { get; init; }

    public bool IsAny => Prefix.Count == 0 && Items.IsNone && Min == 0 && Max == int.MaxValue && Contains is null && UniqueAt is null;

    /// <summary>What the item at an index must be.</summary>
    public Conditions At(int index) => index < Prefix.Count ? Prefix[index] : Items;

    /// <summary>Arrays of both shapes; null where there are none.</summary>
    public static ArrayShape? Intersect(ArrayShape a, ArrayShape b, string location)
    {
        if (a.Contains is not null && b.Contains is not null) throw GrammarException.Unenforceable(location, "two 'contains' apply to one array");
        int count = Math.Max(a.Prefix.Count, b.Prefix.Count);
        var both = new ArrayShape
        {
            Prefix = [.. Enumerable.Range(0, count).Select(i => a.At(i).And(b.At(i)))],
            Items = a.Items.And(b.Items),
            Evaluated = Math.Max(a.Evaluated, b.Evaluated),
            EvaluatesItems = a.EvaluatesItems || b.EvaluatesItems,
            Min = Math.Max(a.Min, b.Min),
            Max = Math.Min(a.Max, b.Max),
            Contains = a.Contains ?? b.Contains,
            UniqueAt = a.UniqueAt ?? b.UniqueAt,
        };
        return both.Bounded();
    }

    /// <summary>The shape with a length that its items allow; null where there is none.</summary>
    public ArrayShape? Bounded()
    {
        int max = Max;
        for (int i = 0; i < Prefix.Count && i < max; i++)
        {
            if (Prefix[i].IsNever) max = i;
        }

        if (Items.IsNever) max = Math.Min(max, Prefix.Count);
        return Min > max ? null : this with { Max = max };
    }

    /// <summary>The shapes of all other arrays.</summary>
    /// <exception cref="GrammarException">They cannot be told.</exception>
    public IEnumerable<ArrayShape> Complement(string location)
    {
        if (UniqueAt is not null) throw GrammarException.Unenforceable(location, "the opposite of 'uniqueItems' cannot be enforced");
        if (Min > 0) yield return Any with { Max = Min - 1 };
        if (Max < int.MaxValue) yield return Any with { Min = Max + 1 };
        for (int i = 0; i < Prefix.Count; i++)
        {
            foreach (Conditions not in Prefix[i].Negations())
            {
                if (not.IsNever) continue;
                yield return Any with { Prefix = [.. Enumerable.Repeat(Conditions.None, i), not], Min = i + 1 };
            }
        }

        if (!Items.IsNone && !(Items.IsNever && Max == Prefix.Count))
        {
            if (Prefix.Count > 0) throw GrammarException.Unenforceable(location, "the opposite of 'items' behind 'prefixItems' cannot be enforced");
            foreach (Conditions not in Items.Negations()) yield return Any with { Contains = (not, 1, int.MaxValue) };
        }

        if (Contains is not { } contains) yield break;
        if (contains.Max < int.MaxValue) yield return Any with { Contains = (contains.Item, contains.Max + 1, int.MaxValue) };
        if (contains.Min <= 0) yield break;
        if (contains.Min > 1) yield return Any with { Contains = (contains.Item, 0, contains.Min - 1) };
        else foreach (Conditions not in Only(contains.Item, location)) yield return Any with { Items = not };
    }

    private static IEnumerable<Conditions> Only(Conditions conditions, string location)
    {
        Conditions[] negations = [.. conditions.Negations()];
        return negations.Length <= 1 ? negations.DefaultIfEmpty(Conditions.Never) : throw GrammarException.Unenforceable(location, "the opposite of 'contains' cannot be enforced");
    }
}
