using System.Text.Json;
using Konko.Engine.Grammar.Text;

namespace Konko.Engine.Grammar.Schema;

/// <summary>Works out which values satisfy a schema, one level deep; what stands within arrays and objects is left as conditions.</summary>
/// <param name="document">Where references lead.</param>
/// <param name="budget">What it may cost.</param>
internal sealed partial class SchemaEvaluator(SchemaDocument document, WorkBudget budget)
{
    private readonly Dictionary<string, ValueSet> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly NumberLanguage _numbers = new(budget);
    private int _evaluations;

    /// <summary>Every integer.</summary>
    public CharacterDfa Integers => _numbers.Integers;

    /// <summary>The values that satisfy all conditions.</summary>
    public ValueSet Evaluate(Conditions conditions)
    {
        if (conditions.IsNever) return ValueSet.None;
        ValueSet set = ValueSet.All;
        foreach (Condition condition in conditions.All)
        {
            set = set.Intersect(Evaluate(condition), budget, condition.Node.Pointer);
            if (set.IsNone) break;
        }

        return set;
    }

    private ValueSet Evaluate(Condition condition)
    {
        string key = condition.Key;
        if (_known.TryGetValue(key, out ValueSet? known)) return known;
        SchemaNode node = condition.Node;
        if (++_evaluations > GrammarLimits.Evaluations) throw GrammarException.TooLarge(node.Pointer, "the schema takes too much work to compile");
        if (_open.Count > GrammarLimits.Depth) throw GrammarException.TooLarge(node.Pointer, "schemas refer to each other too deeply");
        if (!_open.Add(key)) throw GrammarException.Unenforceable(node.Pointer, "the schema refers to itself without an array or object between");
        ValueSet set;
        if (node.IsConstant)
        {
            set = Constant(node);
            if (!condition.Holds) set = Complement(set, node.Pointer);
        }
        else if (node.Element.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            set = node.Element.ValueKind is JsonValueKind.True == condition.Holds ? ValueSet.All : ValueSet.None;
        }
        else if (node.Element.ValueKind != JsonValueKind.Object)
        {
            throw GrammarException.Invalid(node.Pointer, "must be a schema, an object or a boolean");
        }
        else
        {
            set = condition.Holds ? Positive(node) : Negative(node);
        }

        _open.Remove(key);
        _known.Add(key, set);
        return set;
    }

    private ValueSet Positive(SchemaNode node)
    {
        ValueSet set = ValueSet.All;
        foreach (ValueSet part in Parts(node))
        {
            set = set.Intersect(part, budget, node.Pointer);
            if (set.IsNone) break;
        }

        return Unevaluated(node, set);
    }

    /// <summary>Not all parts hold: at least one of them does not.</summary>
    private ValueSet Negative(SchemaNode node)
    {
        RefuseUnevaluated(node);
        ValueSet set = ValueSet.None;
        foreach (ValueSet part in Parts(node)) set = set.Union(Complement(part, node.Pointer), node.Pointer);
        return set;
    }

    /// <summary>What each group of keywords asks for.</summary>
    private IEnumerable<ValueSet> Parts(SchemaNode node)
    {
        if (Types(node) is { } types) yield return types;
        if (Find(node, "const") is { } constant) yield return Constant(Value(node, constant, "const"));
        if (Enumeration(node) is { } enumeration) yield return enumeration;
        foreach (ValueSet part in Numbers(node)) yield return part;
        if (Strings(node) is { } strings) yield return strings;
        if (Array(node) is { } array) yield return array;
        if (Object(node) is { } shape) yield return shape;
        foreach (ValueSet part in Applicators(node)) yield return part;
    }

    private static JsonElement? Find(SchemaNode node, string keyword) => node.Element.TryGetProperty(keyword, out JsonElement value) ? value : null;

    private ValueSet? Types(SchemaNode node)
    {
        if (Find(node, "type") is not { } type) return null;
        if (type.ValueKind == JsonValueKind.String) return Type(node, type.GetString()!);
        if (type.ValueKind != JsonValueKind.Array || type.GetArrayLength() == 0) throw GrammarException.Invalid(node.At("type"), "must be a type or a list of types");
        ValueSet set = ValueSet.None;
        foreach (JsonElement item in type.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String) throw GrammarException.Invalid(node.At("type"), "must be a type or a list of types");
            set = set.Union(Type(node, item.GetString()!), node.Pointer);
        }

        return set;
    }

    private ValueSet Type(SchemaNode node, string name) => name switch
    {
        "null" => ValueSet.None with { Null = true },
        "boolean" => ValueSet.None with { False = true, True = true },
        "number" => ValueSet.None with { Numbers = [TextSet.Any] },
        "integer" => ValueSet.None with { Numbers = [new TextSet(Language: _numbers.Integers)] },
        "string" => ValueSet.None with { Strings = [TextSet.Any] },
        "array" => ValueSet.None with { Arrays = [ArrayShape.Any] },
        "object" => ValueSet.None with { Objects = [ObjectShape.Any] },
        _ => throw GrammarException.Invalid(node.At("type"), $"'{name}' is no type"),
    };

    private ValueSet? Enumeration(SchemaNode node)
    {
        if (Find(node, "enum") is not { } list) return null;
        if (list.ValueKind != JsonValueKind.Array) throw GrammarException.Invalid(node.At("enum"), "must be a list");
        var texts = new List<string>();
        var numbers = new List<string>();
        ValueSet set = ValueSet.None;
        int i = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            SchemaNode value = Value(node, item, "enum", (i++).ToString(System.Globalization.CultureInfo.InvariantCulture));
            // Texts and numbers are one alternative however many they are.
            if (item.ValueKind == JsonValueKind.String) texts.Add(Text(item, value.Pointer));
            else if (item.ValueKind == JsonValueKind.Number) numbers.Add(ExactNumber.Parse(item.GetRawText(), value.Pointer).ToString());
            else set = set.Union(Constant(value), node.Pointer);
        }

        budget.Spend(i, node.Pointer);
        if (texts.Count > 0) set = set with { Strings = [new TextSet([.. texts.Distinct(StringComparer.Ordinal)])] };
        if (numbers.Count > 0) set = set with { Numbers = [new TextSet([.. numbers.Distinct(StringComparer.Ordinal)])] };
        return set;
    }

    /// <summary>A value within a schema: its pointer is its name.</summary>
    private static SchemaNode Value(SchemaNode node, JsonElement value, params ReadOnlySpan<string> path) => node.Child(value, path) with { IsConstant = true };

    private static ValueSet Constant(SchemaNode node)
    {
        JsonElement value = node.Element;
        switch (value.ValueKind)
        {
            case JsonValueKind.Null: return ValueSet.None with { Null = true };
            case JsonValueKind.False: return ValueSet.None with { False = true };
            case JsonValueKind.True: return ValueSet.None with { True = true };
            case JsonValueKind.String: return ValueSet.None with { Strings = [new TextSet([Text(value, node.Pointer)])] };
            case JsonValueKind.Number: return ValueSet.None with { Numbers = [new TextSet([ExactNumber.Parse(value.GetRawText(), node.Pointer).ToString()])] };
            case JsonValueKind.Array:
                var items = new List<Conditions>();
                foreach (JsonElement item in value.EnumerateArray())
                    items.Add(Conditions.Of(Value(node, item, items.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))));
                return ValueSet.None with { Arrays = [new ArrayShape { Prefix = items, Items = Conditions.Never, Min = items.Count, Max = items.Count }] };
            default:
                var properties = new OrderedDictionary<string, Conditions>(StringComparer.Ordinal);
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    string name = Name(property, node.Pointer);
                    properties[name] = Conditions.Of(Value(node, property.Value, name));
                }

                string[] names = [.. properties.Keys];
                return ValueSet.None with
                {
                    Objects = [new ObjectShape { Layers = [new PropertyLayer(properties, [], Conditions.Never, IsExplicit: true, Evaluates: false)], Required = names, Min = names.Length, Max = names.Length }],
                };
        }
    }

    private ValueSet Complement(ValueSet set, string location)
    {
        ValueSet result = ValueSet.All with { Null = !set.Null, False = !set.False, True = !set.True };
        foreach (TextSet numbers in set.Numbers) result = result.Intersect(ValueSet.All with { Numbers = [.. ComplementNumbers(numbers, location)] }, budget, location);
        foreach (TextSet strings in set.Strings) result = result.Intersect(ValueSet.All with { Strings = [.. ComplementStrings(strings, location)] }, budget, location);
        foreach (ArrayShape shape in set.Arrays) result = result.Intersect(ValueSet.All with { Arrays = [.. shape.Complement(location)] }, budget, location);
        foreach (ObjectShape shape in set.Objects) result = result.Intersect(ValueSet.All with { Objects = [.. shape.Complement(location)] }, budget, location);
        return result;
    }

    private IEnumerable<TextSet> ComplementNumbers(TextSet set, string location)
    {
        if (set.IsAny) yield break;
        CharacterDfa rest = _numbers.All;
        if (set.Texts is not null)
        {
            foreach (string text in set.Texts) rest = rest.Except(_numbers.Exactly(ExactNumber.Parse(text, location), location), budget, location);
        }
        else
        {
            // Integers are a matter of value: 1.0 is one of them.
            CharacterDfa language = ReferenceEquals(set.Language, _numbers.Integers) ? _numbers.Multiples(ExactNumber.Parse("1", location), location) : set.Language!;
            rest = rest.Except(language, budget, location);
        }

        if (!rest.IsEmpty) yield return new TextSet(Language: rest);
    }

    private IEnumerable<TextSet> ComplementStrings(TextSet set, string location)
    {
        if (set.Min > 0) yield return new TextSet(Max: set.Min - 1);
        if (set.Max < int.MaxValue) yield return new TextSet(Min: set.Max + 1);
        if (set.Texts is null && set.Language is null) yield break;
        CharacterDfa language = set.Texts is not null ? CharacterDfa.OfTexts(set.Texts, budget, location) : set.Language!;
        CharacterDfa rest = CharacterDfa.All.Except(language, budget, location);
        if (!rest.IsEmpty) yield return new TextSet(Language: rest);
    }

    private static string Text(JsonElement element, string location)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw GrammarException.Invalid(location, "the text holds half a surrogate pair, which is no character");
        }
    }

    private static string Name(JsonProperty property, string location)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw GrammarException.Invalid(location, "a name holds half a surrogate pair, which is no character");
        }
    }
}
