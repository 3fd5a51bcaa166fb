using Konko.Engine.Grammar.Text;

namespace Konko.Engine.Grammar.Schema;

/// <summary>A set of JSON values, type by type, each type as alternatives; what stands within arrays and objects is left as conditions.</summary>
internal sealed record ValueSet
{
    /// <summary>Everything.</summary>
    public static ValueSet All { get; } = new()
    {
        Null = true, False = true, True = true, Numbers = [TextSet.Any], Strings = [TextSet.Any], Arrays = [ArrayShape.Any], Objects = [ObjectShape.Any],
    };

    /// <summary>Nothing.</summary>
    public static ValueSet None { get; } = new();

    public bool Null { get; init; }

    public bool False { get; init; }

    public bool True { get; init; }

    public IReadOnlyList<TextSet> Numbers { get; init; } = [];

    public IReadOnlyList<TextSet> Strings { get; init; } = [];

    public IReadOnlyList<ArrayShape> Arrays { get; init; } = [];

    public IReadOnlyList<ObjectShape> Objects { get; init; } = [];

    public bool IsAll => Null && False && True && Numbers.Any(set => set.IsAny) && Strings.Any(set => set.IsAny) && Arrays.Any(shape => shape.IsAny) && Objects.Any(shape => shape.IsAny);

    public bool IsNone => !Null && !False && !True && Numbers.Count == 0 && Strings.Count == 0 && Arrays.Count == 0 && Objects.Count == 0;

    /// <summary>The values of either set.</summary>
    public ValueSet Union(ValueSet other, string location)
    {
        if (IsNone) return other;
        if (other.IsNone) return this;
        return new ValueSet
        {
            Null = Null || other.Null,
            False = False || other.False,
            True = True || other.True,
            Numbers = Join(Numbers, other.Numbers, static set => set.IsAny),
            Strings = Join(Strings, other.Strings, static set => set.IsAny),
            Arrays = Join(Arrays, other.Arrays, static shape => shape.IsAny),
            Objects = Join(Objects, other.Objects, static shape => shape.IsAny),
        }.Checked(location);
    }

    /// <summary>The values of both sets.</summary>
    public ValueSet Intersect(ValueSet other, WorkBudget budget, string location)
    {
        if (ReferenceEquals(this, All)) return other;
        if (ReferenceEquals(other, All)) return this;
        budget.Spend(16L * (Numbers.Count * other.Numbers.Count + Strings.Count * other.Strings.Count + Arrays.Count * other.Arrays.Count + Objects.Count * other.Objects.Count), location);
        return new ValueSet
        {
            Null = Null && other.Null,
            False = False && other.False,
            True = True && other.True,
            Numbers = Pairs(Numbers, other.Numbers, (a, b) => TextSet.Intersect(a, b, budget, location)),
            Strings = Pairs(Strings, other.Strings, (a, b) => TextSet.Intersect(a, b, budget, location)),
            Arrays = Pairs(Arrays, other.Arrays, (a, b) => ArrayShape.Intersect(a, b, location)),
            Objects = Pairs(Objects, other.Objects, ObjectShape.Intersect),
        }.Checked(location);
    }

    private ValueSet Checked(string location) =>
        Numbers.Count + Strings.Count + Arrays.Count + Objects.Count > GrammarLimits.Alternatives
            ? throw GrammarException.TooLarge(location, $"it has more than {GrammarLimits.Alternatives} alternatives")
            : this;

    private static IReadOnlyList<T> Join<T>(IReadOnlyList<T> a, IReadOnlyList<T> b, Func<T, bool> isAny)
        where T : class =>
        a.FirstOrDefault(isAny) is { } one ? [one] : b.FirstOrDefault(isAny) is { } other ? [other] : [.. a, .. b];

    private static List<T> Pairs<T>(IReadOnlyList<T> a, IReadOnlyList<T> b, Func<T, T, T?> intersect)
        where T : class
    {
        var all = new List<T>();
        foreach (T x in a)
        {
            foreach (T y in b)
            {
                if (intersect(x, y) is { } both) all.Add(both);
            }
        }

        return all;
    }
}
