using System.Globalization;
using System.Text.Json;

namespace Konko.Engine.Grammar.Schema;

/// <content>Keywords that apply other schemas to the same value.</content>
internal sealed partial class SchemaEvaluator
{
    /// <summary>How deep properties are looked into to see that two alternatives exclude each other.</summary>
    private const int DisjointDepth = 4;

    private IEnumerable<ValueSet> Applicators(SchemaNode node)
    {
        foreach (string keyword in (string[])["$ref", "$dynamicRef"])
        {
            if (Find(node, keyword) is { } reference) yield return Evaluate(Conditions.Of(document.Resolve(node, keyword, reference)));
        }

        if (Find(node, "$recursiveRef") is not null) throw GrammarException.Unenforceable(node.At("$recursiveRef"), "it is no keyword of draft 2020-12");
        foreach (SchemaNode schema in List(node, "allOf")) yield return Evaluate(Conditions.Of(schema));
        if (AnyOf(node) is { } any) yield return any;
        if (OneOf(node) is { } one) yield return one;
        if (Find(node, "not") is { } not) yield return Evaluate(Conditions.Of(node.Child(not, "not"), holds: false));
        if (Conditional(node) is { } conditional) yield return conditional;
        foreach (ValueSet part in Dependent(node)) yield return part;
    }

    private static List<SchemaNode> List(SchemaNode node, string keyword)
    {
        if (Find(node, keyword) is not { } list) return [];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0) throw GrammarException.Invalid(node.At(keyword), "must be a list of schemas");
        return [.. list.EnumerateArray().Index().Select(item => node.Child(item.Item, keyword, item.Index.ToString(CultureInfo.InvariantCulture)))];
    }

    private ValueSet? AnyOf(SchemaNode node)
    {
        List<SchemaNode> ways = List(node, "anyOf");
        if (ways.Count == 0) return null;
        ValueSet set = ValueSet.None;
        foreach (SchemaNode way in ways) set = set.Union(Evaluate(Conditions.Of(way)), node.At("anyOf"));
        return set.Objects.Count < 2 ? set : set with { Objects = [.. set.Objects.Select(shape => shape with { IsOneWay = true })] };
    }

    private ValueSet? OneOf(SchemaNode node)
    {
        List<SchemaNode> ways = List(node, "oneOf");
        if (ways.Count == 0) return null;
        string location = node.At("oneOf");
        ValueSet[] sets = [.. ways.Select(way => Evaluate(Conditions.Of(way)))];
        var overlaps = new bool[sets.Length, sets.Length];
        for (int i = 0; i < sets.Length; i++)
        {
            for (int j = 0; j < i; j++) overlaps[i, j] = overlaps[j, i] = !AreDisjoint(sets[i], sets[j], location);
        }

        ValueSet all = ValueSet.None;
        for (int i = 0; i < sets.Length; i++)
        {
            ValueSet only = sets[i];
            for (int j = 0; j < sets.Length; j++)
            {
                if (overlaps[i, j] && i != j) only = only.Intersect(Evaluate(Conditions.Of(ways[j], holds: false)), budget, location);
            }

            all = all.Union(only, location);
        }

        return all;
    }

    private bool AreDisjoint(ValueSet a, ValueSet b, string location) => IsEmpty(a.Intersect(b, budget, location), 0);

    /// <summary>Whether a set is clearly empty: what is not clear is not.</summary>
    private bool IsEmpty(ValueSet set, int depth)
    {
        if (set.Null || set.False || set.True || set.Numbers.Count > 0 || set.Strings.Count > 0) return false;
        if (depth == DisjointDepth) return set.IsNone;
        foreach (ArrayShape shape in set.Arrays)
        {
            if (!Enumerable.Range(0, Math.Min(shape.Min, shape.Prefix.Count + 1)).Any(i => IsEmpty(Evaluate(shape.At(i)), depth + 1))) return false;
        }

        foreach (ObjectShape shape in set.Objects)
        {
            if (!shape.Required.Any(name => IsEmpty(Evaluate(shape.Of(name)), depth + 1))) return false;
        }

        return true;
    }

    private ValueSet? Conditional(SchemaNode node)
    {
        if (Find(node, "if") is not { } test) return null;
        SchemaNode condition = node.Child(test, "if");
        JsonElement? then = Find(node, "then"), otherwise = Find(node, "else");
        if (then is null && otherwise is null) return null;
        ValueSet yes = Evaluate(Conditions.Of(condition)), no = Evaluate(Conditions.Of(condition, holds: false));
        if (then is { } schema) yes = yes.Intersect(Evaluate(Conditions.Of(node.Child(schema, "then"))), budget, node.Pointer);
        if (otherwise is { } other) no = no.Intersect(Evaluate(Conditions.Of(node.Child(other, "else"))), budget, node.Pointer);
        return yes.Union(no, node.Pointer);
    }

    private IEnumerable<ValueSet> Dependent(SchemaNode node)
    {
        foreach (string keyword in (string[])["dependentRequired", "dependentSchemas", "dependencies"])
        {
            foreach ((string name, SchemaNode schema) in Map(node, keyword))
            {
                bool isList = keyword == "dependentRequired" || keyword == "dependencies" && schema.Element.ValueKind == JsonValueKind.Array;
                ValueSet then = isList
                    ? ValueSet.All with { Objects = [ObjectShape.Any with { Required = Names(schema.Element, schema.Pointer) }] }
                    : Evaluate(Conditions.Of(schema));
                ValueSet with = ValueSet.None with { Objects = [ObjectShape.Any with { Required = [name] }] };
                yield return with.Intersect(then, budget, node.Pointer).Union(Complement(with, node.Pointer), node.Pointer);
            }
        }
    }

    private static void RefuseUnevaluated(SchemaNode node)
    {
        foreach (string keyword in (ReadOnlySpan<string>)["unevaluatedProperties", "unevaluatedItems"])
        {
            if (Find(node, keyword) is not null) throw GrammarException.Unenforceable(node.At(keyword), "its opposite cannot be enforced");
        }
    }

    /// <summary>Adds what is asked of properties and items that nothing else in the schema has spoken of.</summary>
    private static ValueSet Unevaluated(SchemaNode node, ValueSet set)
    {
        if (Find(node, "unevaluatedProperties") is { } properties)
        {
            Conditions others = Conditions.Of(node.Child(properties, "unevaluatedProperties"));
            set = set with { Objects = [.. set.Objects.Select(shape => Close(shape, others, node.At("unevaluatedProperties"))).OfType<ObjectShape>()] };
        }

        if (Find(node, "unevaluatedItems") is not { } items) return set;
        Conditions rest = Conditions.Of(node.Child(items, "unevaluatedItems"));
        return set with { Arrays = [.. set.Arrays.Select(shape => Close(shape, rest, node.At("unevaluatedItems"))).OfType<ArrayShape>()] };
    }

    private static ObjectShape? Close(ObjectShape shape, Conditions others, string location)
    {
        PropertyLayer[] evaluating = [.. shape.Layers.Where(layer => layer.Evaluates)];
        if (evaluating.Any(layer => layer.IsExplicit)) return shape;
        // Allowing them all evaluates them all: a schema around this one has nothing left to speak of.
        if (others.IsNone) return shape with { Layers = [.. shape.Layers, new PropertyLayer(new(StringComparer.Ordinal), [], others, IsExplicit: true)] };
        if (shape.IsOneWay) throw GrammarException.Unenforceable(location, "it cannot be enforced beside 'anyOf'");
        var named = new OrderedDictionary<string, Conditions>(StringComparer.Ordinal);
        foreach (string name in evaluating.SelectMany(layer => layer.Properties.Keys)) named[name] = Conditions.None;
        var layer = new PropertyLayer(named, [.. evaluating.SelectMany(layer => layer.Patterns).Select(pattern => (pattern.Names, Conditions.None))], others, IsExplicit: true);
        return ObjectShape.Intersect(shape, ObjectShape.Any with { Layers = [layer] });
    }

    private static ArrayShape? Close(ArrayShape shape, Conditions rest, string location)
    {
        if (shape.EvaluatesItems) return shape;
        if (rest.IsNone) return shape with { EvaluatesItems = true };
        if (shape.Contains is not null) throw GrammarException.Unenforceable(location, "it cannot be enforced beside 'contains'");
        return (shape with { Prefix = [.. shape.Prefix.Select((item, i) => i < shape.Evaluated ? item : item.And(rest))], Items = shape.Items.And(rest), EvaluatesItems = true }).Bounded();
    }
}
