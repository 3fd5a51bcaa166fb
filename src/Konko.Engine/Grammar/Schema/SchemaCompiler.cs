using System.Text.Json;
using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Grammar.Json;
using Konko.Engine.Grammar.Text;

namespace Konko.Engine.Grammar.Schema;

/// <summary>Writes the values that satisfy a schema as rules: one for each set of conditions that a value may have to meet.</summary>
internal sealed partial class SchemaCompiler
{
    private readonly WorkBudget _budget = new();
    private readonly SchemaEvaluator _evaluator;
    private readonly CharacterEdges _jsonText = new(isJson: true, JsonRules.Characters);
    private readonly CharacterEdges _plainText = new(isJson: false);
    private readonly Dictionary<string, GrammarRule> _rules = new(StringComparer.Ordinal);
    private readonly Queue<(Conditions Conditions, GrammarRule Rule)> _open = [];

    private SchemaCompiler(SchemaDocument document) => _evaluator = new SchemaEvaluator(document, _budget);

    /// <summary>The rule of a schema, not finished.</summary>
    /// <exception cref="GrammarException">It cannot be enforced, or is broken or too large.</exception>
    public static GrammarRule Compile(JsonElement schema)
    {
        var document = new SchemaDocument(schema);
        var compiler = new SchemaCompiler(document);
        GrammarRule root = compiler.Rule(Conditions.Of(document.Root));
        while (compiler._open.TryDequeue(out (Conditions Conditions, GrammarRule Rule) next)) compiler.Write(next.Rule, next.Conditions);
        return root;
    }

    private GrammarRule Rule(Conditions conditions)
    {
        if (conditions.IsNone) return JsonRules.Value;
        if (_rules.TryGetValue(conditions.Key, out GrammarRule? known)) return known;
        if (_rules.Count >= GrammarLimits.Values) throw GrammarException.TooLarge("#", $"it has more than {GrammarLimits.Values} different values");
        var rule = new GrammarRule(conditions.IsNever ? "never" : conditions.All[0].Node.Pointer);
        _rules.Add(conditions.Key, rule);
        if (!conditions.IsNever) _open.Enqueue((conditions, rule));
        return rule;
    }

    private void Write(GrammarRule rule, Conditions conditions)
    {
        ValueSet set = _evaluator.Evaluate(conditions);
        GrammarNode start = rule.Start;
        if (set.IsAll)
        {
            Call(start, JsonRules.Value, JsonRules.Accept());
            return;
        }

        if (set.Null) JsonRules.Literal(start, "null").IsAccepting = true;
        if (set.True) JsonRules.Literal(start, "true").IsAccepting = true;
        if (set.False) JsonRules.Literal(start, "false").IsAccepting = true;
        foreach (TextSet numbers in set.Numbers) WriteNumber(start, numbers, rule.Name);
        foreach (TextSet strings in set.Strings) WriteString(start, strings, rule.Name);
        foreach (ArrayShape shape in set.Arrays) WriteArray(start, shape, rule.Name);
        foreach (ObjectShape shape in set.Objects) WriteObject(start, shape, rule.Name);
    }

    private void WriteNumber(GrammarNode start, TextSet numbers, string location)
    {
        if (numbers.IsAny) Call(start, JsonRules.Number, JsonRules.Accept());
        else if (ReferenceEquals(numbers.Language, _evaluator.Integers)) Call(start, JsonRules.Integer, JsonRules.Accept());
        else if (numbers.Texts is not null) foreach (string text in numbers.Texts) JsonRules.Literal(start, text).IsAccepting = true;
        else start.Epsilons.Add(DfaNodes.Add(numbers.Language!, _plainText, JsonRules.Accept(), location));
    }

    private void WriteString(GrammarNode start, TextSet strings, string location)
    {
        if (strings.IsAny)
        {
            Call(start, JsonRules.String, JsonRules.Accept());
            return;
        }

        if (strings is { Texts: null, Min: 0, Max: int.MaxValue, Language: { } format } && Formats.Rule(format) is { } shared)
        {
            Call(start, shared, JsonRules.Accept());
            return;
        }

        var content = new GrammarNode();
        JsonRules.Byte(start, '"', content);
        if (strings is { Texts: not null, Language: null, Min: 0, Max: int.MaxValue })
        {
            WriteTexts(content, strings.Texts);
            return;
        }

        if (strings.Texts is null && strings.Language is null)
        {
            content.Repetition = new Repetition
            {
                First = JsonRules.Character, Then = JsonRules.Character, Min = strings.Min, Max = strings.Max, Exit = JsonRules.CloseString, IsCharacters = true,
            };
            return;
        }

        CharacterDfa language = strings.ToLanguage(_budget, location);
        if (!language.IsEmpty) content.Epsilons.Add(DfaNodes.Add(language, _jsonText, JsonRules.CloseString, location, JsonRules.Accept()));
    }

    /// <summary>A few texts, as a tree of their characters.</summary>
    private void WriteTexts(GrammarNode content, IReadOnlyList<string> texts)
    {
        var children = new Dictionary<(GrammarNode, int), GrammarNode>();
        foreach (string text in texts)
        {
            GrammarNode at = content;
            foreach (System.Text.Rune rune in text.EnumerateRunes())
            {
                if (!children.TryGetValue((at, rune.Value), out GrammarNode? next))
                {
                    children.Add((at, rune.Value), next = new GrammarNode());
                    // Most characters are a byte that is written as it is.
                    if (rune.Value is >= ' ' and < 0x7F and not '"' and not '\\') JsonRules.Byte(at, (char)rune.Value, next);
                    else _jsonText.Add(at, CodePointSet.Of(rune.Value), next);
                }

                at = next;
            }

            at.Epsilons.Add(JsonRules.CloseString);
        }
    }

    private void WriteArray(GrammarNode start, ArrayShape shape, string location)
    {
        if (shape.UniqueAt is not null && shape.Max > 1) throw GrammarException.Unenforceable(shape.UniqueAt, "unique items cannot be enforced");
        GrammarNode at = new(), end = JsonRules.Accept();
        JsonRules.Byte(start, '[', at);
        if (shape.Contains is not null)
        {
            WriteContaining(at, shape, end, location);
            return;
        }

        int prefix = Math.Min(shape.Prefix.Count, shape.Max);
        for (int i = 0; i < prefix; i++)
        {
            if (i >= shape.Min) JsonRules.Byte(at, ']', end);
            var next = new GrammarNode();
            Call(i == 0 ? at : JsonRules.Separator(at, ','), Rule(shape.Prefix[i]), next);
            at = next;
        }

        int min = Math.Max(0, shape.Min - prefix), max = shape.Max == int.MaxValue ? int.MaxValue : shape.Max - prefix;
        if (min == 0) JsonRules.Byte(at, ']', end);
        if (max == 0) return;
        GrammarRule item = Rule(shape.Items);
        if (min <= 1 && max == int.MaxValue)
        {
            var after = new GrammarNode();
            Call(prefix == 0 ? at : JsonRules.Separator(at, ','), item, after);
            Call(JsonRules.Separator(after, ','), item, after);
            JsonRules.Byte(after, ']', end);
            return;
        }

        var further = new GrammarRule(item.Name);
        Call(JsonRules.Separator(further.Start, ','), item, JsonRules.Accept());
        var exit = new GrammarNode();
        JsonRules.Byte(exit, ']', end);
        var counter = new GrammarNode { Repetition = new Repetition { First = prefix == 0 ? item : further, Then = further, Min = min, Max = max, Exit = exit } };
        at.Epsilons.Add(counter);
    }

    /// <summary>An array some of whose items must match: a node for each place and each number of matches so far.</summary>
    private void WriteContaining(GrammarNode open, ArrayShape shape, GrammarNode end, string location)
    {
        (Conditions item, int least, int most) = shape.Contains!.Value;
        int places = Math.Max(shape.Prefix.Count, shape.Max == int.MaxValue ? shape.Min : shape.Max);
        int cap = most == int.MaxValue ? least : most;
        if ((long)(places + 1) * (cap + 1) > GrammarLimits.CountedProperties) throw GrammarException.TooLarge(location, "too many items would have to be counted beside 'contains'");
        Conditions[] others = most == int.MaxValue ? [Conditions.None] : [.. item.Negations()];
        var nodes = new Dictionary<(int, int), GrammarNode>();
        var todo = new Queue<(int Place, int Matches)>([(0, 0)]);
        nodes[(0, 0)] = open;
        while (todo.TryDequeue(out (int Place, int Matches) key))
        {
            GrammarNode node = nodes[key];
            if (key.Place >= shape.Min && key.Matches >= least) JsonRules.Byte(node, ']', end);
            if (shape.Max != int.MaxValue && key.Place >= shape.Max) continue;
            GrammarNode from = key.Place == 0 ? node : JsonRules.Separator(node, ',');
            Conditions own = shape.At(key.Place);
            // The last place stands for all further ones; the first never does, for it has no comma before it.
            int place = shape.Max == int.MaxValue ? Math.Min(key.Place + 1, Math.Max(places, 1)) : key.Place + 1;
            foreach (Conditions other in others) Call(from, Rule(own.And(other)), Next(place, key.Matches));
            if (key.Matches < cap || most == int.MaxValue) Call(from, Rule(own.And(item)), Next(place, Math.Min(key.Matches + 1, cap)));
        }

        GrammarNode Next(int place, int matches)
        {
            if (nodes.TryGetValue((place, matches), out GrammarNode? known)) return known;
            todo.Enqueue((place, matches));
            return nodes[(place, matches)] = new GrammarNode();
        }
    }

    private static void Call(GrammarNode from, GrammarRule rule, GrammarNode back) => from.Calls.Add(new CallEdge(rule, back));
}
