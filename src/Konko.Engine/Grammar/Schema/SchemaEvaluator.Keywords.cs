using System.Text.Json;
using Konko.Engine.Grammar.Regex;
using Konko.Engine.Grammar.Text;

namespace Konko.Engine.Grammar.Schema;

/// <content>Keywords that speak of one type of value.</content>
internal sealed partial class SchemaEvaluator
{
    private readonly Dictionary<string, CharacterDfa> _patterns = new(StringComparer.Ordinal);

    private IEnumerable<ValueSet> Numbers(SchemaNode node)
    {
        var all = new List<CharacterDfa>();
        foreach ((string keyword, bool above, bool exclusive) in (ReadOnlySpan<(string, bool, bool)>)
            [("minimum", true, false), ("exclusiveMinimum", true, true), ("maximum", false, false), ("exclusiveMaximum", false, true)])
        {
            if (Bound(node, keyword) is { } bound) all.Add(_numbers.Bounded(bound, above, exclusive, node.At(keyword)));
        }

        if (Bound(node, "multipleOf") is { } factor)
        {
            if (factor.Mantissa.Sign <= 0) throw GrammarException.Invalid(node.At("multipleOf"), "must be more than zero");
            all.Add(_numbers.Multiples(factor, node.At("multipleOf")));
        }

        return all.Select(language => ValueSet.All with { Numbers = language.IsEmpty ? [] : [new TextSet(Language: language)] });
    }

    private static ExactNumber? Bound(SchemaNode node, string keyword)
    {
        if (Find(node, keyword) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number) throw GrammarException.Invalid(node.At(keyword), "must be a number");
        return ExactNumber.Parse(value.GetRawText(), node.At(keyword));
    }

    private static int? Count(SchemaNode node, string keyword)
    {
        if (Bound(node, keyword) is not { } number) return null;
        if (!number.IsInteger || number.Mantissa.Sign < 0) throw GrammarException.Invalid(node.At(keyword), "must be a whole number, zero or more");
        return number.WholeDigits().Length > 9 ? 1_000_000_000 : int.Parse(number.WholeDigits(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private ValueSet? Strings(SchemaNode node)
    {
        var set = new TextSet(Min: Count(node, "minLength") ?? 0, Max: Count(node, "maxLength") ?? int.MaxValue);
        TextSet? result = set.Min > set.Max ? null : set;
        if (Find(node, "pattern") is { } pattern && result is not null)
        {
            if (pattern.ValueKind != JsonValueKind.String) throw GrammarException.Invalid(node.At("pattern"), "must be a string");
            CharacterDfa language = Pattern(Text(pattern, node.At("pattern")), node.At("pattern"));
            result = language.IsEmpty ? null : TextSet.Intersect(result, new TextSet(Language: language), budget, node.At("pattern"));
        }

        if (Find(node, "format") is { } format && result is not null)
        {
            if (format.ValueKind != JsonValueKind.String) throw GrammarException.Invalid(node.At("format"), "must be a string");
            if (Formats.Find(format.GetString()!, node.At("format")) is { } language) result = TextSet.Intersect(result, new TextSet(Language: language), budget, node.At("format"));
        }

        return result is null ? ValueSet.All with { Strings = [] } : result.IsAny ? null : ValueSet.All with { Strings = [result] };
    }

    private CharacterDfa Pattern(string pattern, string location)
    {
        if (_patterns.TryGetValue(pattern, out CharacterDfa? known)) return known;
        CharacterDfa language = RegexNfa.Compile(RegexParser.Parse(pattern, location), isAnchored: false, budget, location);
        _patterns.Add(pattern, language);
        return language;
    }

    private static ValueSet? Array(SchemaNode node)
    {
        var prefix = new List<Conditions>();
        Conditions items = Conditions.None;
        bool evaluates = false;
        string tuple = "prefixItems", rest = "items";
        // Until draft 2019-09 a list of schemas was called items, and what follows it additionalItems.
        if (Find(node, "items") is { ValueKind: JsonValueKind.Array }) (tuple, rest) = ("items", "additionalItems");
        if (Find(node, tuple) is { } list)
        {
            if (list.ValueKind != JsonValueKind.Array) throw GrammarException.Invalid(node.At(tuple), "must be a list of schemas");
            foreach (JsonElement item in list.EnumerateArray()) prefix.Add(Conditions.Of(node.Child(item, tuple, prefix.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        }

        if (Find(node, rest) is { } schema)
        {
            items = Conditions.Of(node.Child(schema, rest));
            evaluates = true;
        }

        bool unique = Flag(node, "uniqueItems");
        (Conditions, int, int)? contains = null;
        if (Find(node, "contains") is { } some)
        {
            contains = (Conditions.Of(node.Child(some, "contains")), Count(node, "minContains") ?? 1, Count(node, "maxContains") ?? int.MaxValue);
            if (contains is (_, 0, int.MaxValue)) contains = null;
            if (contains is var (_, least, most) && least > most) return ValueSet.All with { Arrays = [] };
        }

        var shape = new ArrayShape
        {
            Prefix = prefix,
            Evaluated = prefix.Count,
            Items = items,
            EvaluatesItems = evaluates,
            Min = Count(node, "minItems") ?? 0,
            Max = Count(node, "maxItems") ?? int.MaxValue,
            UniqueAt = unique ? node.At("uniqueItems") : null,
            Contains = contains,
        };
        if (shape.IsAny && !evaluates) return null;
        return ValueSet.All with { Arrays = shape.Bounded() is { } bounded ? [bounded] : [] };
    }

    private static bool Flag(SchemaNode node, string keyword) => Find(node, keyword) switch
    {
        null => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw GrammarException.Invalid(node.At(keyword), "must be true or false"),
    };

    private ValueSet? Object(SchemaNode node)
    {
        var properties = new OrderedDictionary<string, Conditions>(StringComparer.Ordinal);
        foreach ((string name, SchemaNode schema) in Map(node, "properties")) properties[name] = Conditions.Of(schema);
        var patterns = new List<(CharacterDfa, Conditions)>();
        foreach ((string pattern, SchemaNode schema) in Map(node, "patternProperties")) patterns.Add((Pattern(pattern, schema.Pointer), Conditions.Of(schema)));
        bool isExplicit = false;
        Conditions additional = Conditions.None;
        if (Find(node, "additionalProperties") is { } others)
        {
            additional = Conditions.Of(node.Child(others, "additionalProperties"));
            isExplicit = true;
        }

        bool speaks = properties.Count > 0 || patterns.Count > 0 || isExplicit;
        var shape = new ObjectShape
        {
            Layers = speaks ? [new PropertyLayer(properties, patterns, additional, isExplicit)] : [],
            Required = Names(node, "required"),
            Names = Find(node, "propertyNames") is { } names ? Conditions.Of(node.Child(names, "propertyNames")) : Conditions.None,
            Min = Count(node, "minProperties") ?? 0,
            Max = Count(node, "maxProperties") ?? int.MaxValue,
        };
        if (shape.IsAny) return null;
        return ValueSet.All with { Objects = ObjectShape.Intersect(shape, ObjectShape.Any) is { } possible ? [possible] : [] };
    }

    private static string[] Names(SchemaNode node, string keyword) => Find(node, keyword) is { } list ? Names(list, node.At(keyword)) : [];

    private static string[] Names(JsonElement list, string location)
    {
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String)) throw GrammarException.Invalid(location, "must be a list of names");
        return [.. list.EnumerateArray().Select(item => Text(item, location)).Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<(string Name, SchemaNode Schema)> Map(SchemaNode node, string keyword)
    {
        if (Find(node, keyword) is not { } map) yield break;
        if (map.ValueKind != JsonValueKind.Object) throw GrammarException.Invalid(node.At(keyword), "must be an object");
        foreach (JsonProperty property in map.EnumerateObject())
        {
            string name = Name(property, node.At(keyword));
            yield return (name, node.Child(property.Value, keyword, name));
        }
    }
}
