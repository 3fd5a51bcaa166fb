using Konko.Engine.Grammar.Automaton;

namespace Konko.Engine.Grammar.Text;

/// <summary>Writes a language over characters as nodes over bytes.</summary>
internal static class DfaNodes
{
    /// <summary>Adds the nodes of a language.</summary>
    /// <param name="dfa">The language, not empty.</param>
    /// <param name="edges">How characters are spelled.</param>
    /// <param name="exit">Where a text of the language leads to without a further byte.</param>
    /// <param name="location">What messages call it.</param>
    /// <returns>The node before the text.</returns>
    public static GrammarNode Add(CharacterDfa dfa, CharacterEdges edges, GrammarNode exit, string location)
    {
        var nodes = new GrammarNode[dfa.States];
        for (int i = 0; i < nodes.Length; i++) nodes[i] = new GrammarNode();
        long count = 0;
        for (int i = 0; i < nodes.Length; i++)
        {
            foreach ((CodePointSet characters, int target) in dfa.Steps(i)) edges.Add(nodes[i], characters, nodes[target]);
            count += nodes[i].Edges.Count;
            if (count > 4L * GrammarLimits.Nodes) throw GrammarException.TooLarge(location, "it needs too many states");
            if (dfa.IsAccepting(i)) nodes[i].Epsilons.Add(exit);
        }

        return nodes[0];
    }
}
