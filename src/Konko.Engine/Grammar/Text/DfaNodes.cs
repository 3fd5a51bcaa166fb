using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Grammar.Json;

namespace Konko.Engine.Grammar.Text;

/// <summary>Writes a language over characters as nodes over bytes.</summary>
internal static class DfaNodes
{
    /// <summary>Adds the nodes of a language.</summary>
    /// <param name="dfa">The language, not empty.</param>
    /// <param name="edges">How characters are spelled.</param>
    /// <param name="exit">Where a text of the language leads to without a further byte.</param>
    /// <param name="location">What messages call it.</param>
    /// <param name="closed">Within a JSON string, where the quote after the text leads to: what is free is then left to the rule that all grammars share.</param>
    /// <returns>The node before the text.</returns>
    public static GrammarNode Add(CharacterDfa dfa, CharacterEdges edges, GrammarNode exit, string location, GrammarNode? closed = null)
    {
        var nodes = new GrammarNode[dfa.States];
        for (int i = 0; i < nodes.Length; i++) nodes[i] = new GrammarNode();
        long count = 0;
        for (int i = 0; i < nodes.Length; i++)
        {
            if (closed is not null && dfa.IsUniversal(i))
            {
                nodes[i].Calls.Add(new CallEdge(JsonRules.StringRest, closed));
                continue;
            }

            foreach ((CodePointSet characters, int target) in dfa.Steps(i))
            {
                if (closed is null || !dfa.IsUniversal(target))
                {
                    edges.Add(nodes[i], characters, nodes[target]);
                    continue;
                }

                var free = new GrammarRule(location);
                edges.Add(free.Start, characters, JsonRules.StringContent);
                nodes[i].Calls.Add(new CallEdge(free, closed));
            }

            count += nodes[i].Edges.Count;
            if (count > 4L * GrammarLimits.Nodes) throw GrammarException.TooLarge(location, "it needs too many states");
            if (dfa.IsAccepting(i)) nodes[i].Epsilons.Add(exit);
        }

        return nodes[0];
    }
}
