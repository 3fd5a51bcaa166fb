using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Grammar.Json;

namespace Konko.Engine.Grammar.Text;

/// <summary>Writes a language over characters as nodes over bytes.</summary>
internal static class DfaNodes
{
    /// <summary>Fewer states that only count are as well written out: within the length of the longest tokens each count has a mask of its own.</summary>
    private const int LongChain = 128;

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
        var counting = new bool[nodes.Length];
        foreach (CharacterChain chain in dfa.Chains(LongChain))
        {
            // Where the text may end, what stands after it must be seen from here; and what is free has a rule of its own.
            if (dfa.IsAccepting(chain.Last) && !IsPlain(exit) || closed is not null && chain.States.Any(dfa.IsUniversal)) continue;
            foreach (int state in chain.States) counting[state] = true;
            nodes[chain.Start].Repetition = Count(chain, Besides(dfa, chain, edges, nodes, exit), edges, location);
        }

        for (int i = 0; i < nodes.Length; i++)
        {
            if (counting[i]) continue;
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

    private static bool IsPlain(GrammarNode node) => !node.IsAccepting && node.Epsilons.Count == 0 && node.Calls.Count == 0 && node.Repetition is null;

    /// <summary>What is possible besides one more of the counted characters.</summary>
    private static GrammarNode Besides(CharacterDfa dfa, CharacterChain chain, CharacterEdges edges, GrammarNode[] nodes, GrammarNode exit)
    {
        var besides = new GrammarNode();
        foreach ((CodePointSet characters, int target) in dfa.Steps(chain.Last))
        {
            // They are whole classes, all counted or none.
            if (!chain.Characters.Contains(characters.Ranges[0].Low)) edges.Add(besides, characters, nodes[target]);
        }

        if (!dfa.IsAccepting(chain.Last)) return besides;
        if (besides.Edges.Count == 0) return exit;
        besides.Edges.AddRange(exit.Edges);
        return besides;
    }

    private static Repetition Count(CharacterChain chain, GrammarNode exit, CharacterEdges edges, string location)
    {
        var character = new GrammarRule(location);
        edges.Add(character.Start, chain.Characters, JsonRules.Accept());
        return new Repetition { First = character, Then = character, Min = chain.Min, Max = chain.Max == int.MaxValue ? Repetition.Unbounded : chain.Max, Exit = exit };
    }
}
