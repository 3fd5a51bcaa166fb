using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Grammar.Json;
using Konko.Engine.Grammar.Text;

namespace Konko.Engine.Grammar.Schema;

/// <content>Objects: named properties in the schema's order, then all others.</content>
internal sealed partial class SchemaCompiler
{
    private void WriteObject(GrammarNode start, ObjectShape shape, string location)
    {
        if (shape.IsAny)
        {
            Call(start, JsonRules.Object, JsonRules.Accept());
            return;
        }

        string[] names = [.. shape.Declared()];
        var required = new HashSet<string>(shape.Required, StringComparer.Ordinal);
        ValueSet keys = _evaluator.Evaluate(shape.Names);
        List<(CharacterDfa? Language, GrammarRule Value)> others = Others(shape, names, keys, location);
        int missing = shape.Min - required.Count;
        if (missing > 1 && others.Count > 0)
            throw GrammarException.Unenforceable(location, "'minProperties' cannot be enforced where names are free: one could stand twice");

        // Counts are told apart only where they matter; whether there was any property always matters, for the comma.
        bool hasMost = shape.Max < (others.Count > 0 ? int.MaxValue : names.Length);
        int cap = hasMost ? shape.Max : missing > 0 ? shape.Min : 1;
        if ((long)(names.Length + 1) * (cap + 1) > GrammarLimits.CountedProperties && cap > 1) throw GrammarException.TooLarge(location, "too many properties would have to be counted");

        GrammarNode open = new(), end = JsonRules.Accept();
        JsonRules.Byte(start, '{', open);
        var row = new GrammarNode[cap + 1];
        row[0] = open;
        for (int count = 1; count <= cap; count++) row[count] = new GrammarNode();
        foreach (string name in names)
        {
            var next = new GrammarNode[cap + 1];
            for (int count = 0; count <= cap; count++) next[count] = new GrammarNode();
            bool allowed = keys.Strings.Any(set => set.Contains(name));
            GrammarRule value = Rule(allowed ? shape.Of(name) : Conditions.Never);
            for (int count = 0; count <= cap; count++)
            {
                if (!required.Contains(name)) row[count].Epsilons.Add(next[count]);
                if (hasMost && count == cap) continue;
                GrammarNode key = count == 0 ? row[0] : JsonRules.Separator(row[count], ',');
                GrammarNode quote = new(), close = new();
                JsonRules.Byte(key, '"', quote);
                JsonRules.Byte(_jsonText.AddText(quote, name), '"', close);
                Call(JsonRules.Separator(close, ':'), value, next[Math.Min(count + 1, cap)]);
            }

            row = next;
        }

        for (int count = 0; count <= cap; count++)
        {
            if (missing <= 0 || count >= shape.Min) JsonRules.Byte(row[count], '}', end);
            if (hasMost && count == cap) continue;
            foreach ((CharacterDfa? language, GrammarRule value) in others)
            {
                GrammarNode key = count == 0 ? row[0] : JsonRules.Separator(row[count], ',');
                GrammarNode close = new();
                if (language is null)
                {
                    Call(key, JsonRules.String, close);
                }
                else
                {
                    GrammarNode content = new(), quote = new();
                    JsonRules.Byte(key, '"', content);
                    JsonRules.Byte(quote, '"', close);
                    content.Epsilons.Add(DfaNodes.Add(language, _jsonText, quote, location, close));
                }

                Call(JsonRules.Separator(close, ':'), value, row[Math.Min(count + 1, cap)]);
            }
        }
    }

    /// <summary>The names that are not spoken of, sorted by the patterns that they match.</summary>
    private List<(CharacterDfa? Language, GrammarRule Value)> Others(ObjectShape shape, string[] names, ValueSet keys, string location)
    {
        CharacterDfa[] patterns = [.. shape.Layers.SelectMany(layer => layer.Patterns).Select(pattern => pattern.Names).Distinct()];
        if (patterns.Length > GrammarLimits.PropertyPatterns) throw GrammarException.TooLarge(location, $"more than {GrammarLimits.PropertyPatterns} patterns of names apply to one object");
        var others = new List<(CharacterDfa?, GrammarRule)>();
        foreach (TextSet set in keys.Strings)
        {
            bool isFree = set.IsAny && names.Length == 0;
            CharacterDfa? rest = null;
            for (int matched = 0; matched < 1 << patterns.Length; matched++)
            {
                Conditions value = Conditions.None;
                foreach (PropertyLayer layer in shape.Layers) value = value.And(Value(layer, patterns, matched));
                if (value.IsNever) continue;
                if (isFree && patterns.Length == 0)
                {
                    others.Add((null, Rule(value)));
                    continue;
                }

                rest ??= set.ToLanguage(_budget, location).Except(CharacterDfa.OfTexts(names, _budget, location), _budget, location);
                CharacterDfa language = rest;
                for (int i = 0; i < patterns.Length && !language.IsEmpty; i++)
                {
                    language = (matched >> i & 1) != 0
                        ? language.Intersect(patterns[i], _budget, location)
                        : language.Except(patterns[i], _budget, location);
                }

                if (!language.IsEmpty) others.Add((language, Rule(value)));
            }
        }

        return others;
    }

    private static Conditions Value(PropertyLayer layer, CharacterDfa[] patterns, int matched)
    {
        Conditions value = Conditions.None;
        bool isNamed = false;
        foreach ((CharacterDfa names, Conditions matching) in layer.Patterns)
        {
            if ((matched >> System.Array.IndexOf(patterns, names) & 1) == 0) continue;
            value = value.And(matching);
            isNamed = true;
        }

        return isNamed ? value : layer.Additional;
    }
}
