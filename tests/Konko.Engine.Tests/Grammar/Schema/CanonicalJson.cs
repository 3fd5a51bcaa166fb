using System.Globalization;
using System.Text;
using System.Text.Json;
using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Grammar.Schema;

namespace Konko.Engine.Tests.Grammar.Schema;

/// <summary>Serialises values in the language of schemas, and tries an object's keys in every order, for the schema decides it.</summary>
internal static class CanonicalJson
{
    /// <summary>Whether some order of keys is accepted.</summary>
    public static bool IsAccepted(PushdownAutomaton automaton, JsonElement value) => Feed(automaton, [automaton.Start], value).Exists(state => state.IsAccepting);

    /// <summary>A text within quotes, escaped where JSON asks for it.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\b' => @"\b",
                '\f' => @"\f",
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => c,
            });
        }

        return quoted.Append('"').ToString();
    }

    private static List<StateSet> Feed(PushdownAutomaton automaton, List<StateSet> states, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = value.EnumerateObject().GroupBy(member => member.Name).Select(group => (group.Key, group.Last().Value)).ToList();
                return Feed(automaton, Members(automaton, Feed(automaton, states, "{"), members, first: true), "}");
            case JsonValueKind.Array:
                states = Feed(automaton, states, "[");
                bool isFirst = true;
                foreach (JsonElement item in value.EnumerateArray())
                {
                    if (!isFirst) states = Feed(automaton, states, ",");
                    isFirst = false;
                    states = Feed(automaton, states, item);
                }

                return Feed(automaton, states, "]");
            case JsonValueKind.String:
                return Feed(automaton, states, Quote(value.GetString()!));
            case JsonValueKind.Number:
                string raw = value.GetRawText();
                // A number of a few hundred digits is written as a computer would.
                return Feed(automaton, states, raw.Contains('e') || raw.Contains('E') || raw.Length > 40 ? raw : ExactNumber.Parse(raw, "").ToString());
            default:
                return Feed(automaton, states, value.GetRawText());
        }
    }

    private static List<StateSet> Members(PushdownAutomaton automaton, List<StateSet> states, List<(string Name, JsonElement Value)> left, bool first)
    {
        if (left.Count == 0 || states.Count == 0) return states;
        var all = new HashSet<StateSet>();
        for (int i = 0; i < left.Count; i++)
        {
            (string name, JsonElement value) = left[i];
            List<StateSet> after = Feed(automaton, Feed(automaton, states, (first ? "" : ",") + Quote(name) + ":"), value);
            all.UnionWith(Members(automaton, after, [.. left.Where((_, j) => j != i)], first: false));
        }

        return [.. all];
    }

    private static List<StateSet> Feed(PushdownAutomaton automaton, List<StateSet> states, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return [.. states.Select(state => GrammarText.After(automaton, state, bytes)).Where(state => !state.IsDead).Distinct()];
    }
}
