using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Grammar.Json;

namespace Konko.Engine.Grammar.Matching;

/// <summary>
/// Masks of places within a string that is almost free (a name that is none of the declared ones, a text that must contain
/// something): what any string allows is known already, and only the few tokens that lead elsewhere are looked at.
/// </summary>
/// <param name="trie">The vocabulary.</param>
/// <param name="automaton">The grammar's automaton.</param>
/// <param name="walker">Follows the vocabulary through it.</param>
/// <param name="anyString">What any string allows after whole characters.</param>
internal sealed class StringMasks(TokenTrie trie, PushdownAutomaton automaton, TrieWalker walker, NodeMask anyString)
{
    private const int MostKept = 64;

    private readonly Dictionary<StateSet, (ulong[] Bits, List<int> Exits)> _free = [];
    private readonly StateSet[] _own = new StateSet[trie.LongestToken + 1];
    private readonly StateSet[] _other = new StateSet[trie.LongestToken + 1];

    /// <summary>What a set of nodes allows, or null where it does not lead into a free string.</summary>
    public NodeMask? Explore(ReadOnlySpan<(GrammarNode Node, int Count)> nodes)
    {
        if (anyString.Bits is null) return null;
        StateSet start = automaton.Enter(nodes, automaton.Hole);
        if (Free(start) is not { } free) return null;
        (ulong[] known, List<int> knownExits) = Known(free);
        ulong[] bits = [.. known];
        var found = new ExitNodes();
        List<int> exits = found.Nodes;
        var differs = new List<(int First, int End)>();
        Compare(start, free, bits, exits, differs);

        // Of the known exits those count that lie where both are the same.
        int range = 0;
        foreach (int exit in knownExits)
        {
            while (range < differs.Count && differs[range].End <= exit) range++;
            if (range == differs.Count || exit < differs[range].First) exits.Add(exit);
        }

        exits.Sort();
        return new NodeMask(bits, found);
    }

    /// <summary>The state of a free string that some character leads to.</summary>
    private StateSet? Free(StateSet start)
    {
        foreach (byte value in "Q7z~"u8)
        {
            StateSet next = automaton.Step(start, value);
            if (next is { IsAccepting: false, IsExited: false, Places: [{ Count: 0 } place] } && place.Node == JsonRules.StringContent) return next;
        }

        return null;
    }

    /// <summary>What a free string allows together with what follows it as far as that is known.</summary>
    private (ulong[] Bits, List<int> Exits) Known(StateSet free)
    {
        if (_free.TryGetValue(free, out (ulong[] Bits, List<int> Exits) known)) return known;
        ulong[] bits = [.. anyString.Bits!];
        var exits = new ExitNodes();
        StateSet after = automaton.Return(free.Places[0].Stack);
        foreach (int exit in anyString.Exits.All(trie))
        {
            if (after.IsExited) exits.Nodes.Add(exit);
            walker.Explore(exit, after, bits, exits);
        }

        if (_free.Count >= MostKept) _free.Clear();
        known = (bits, exits.All(trie));
        _free.Add(free, known);
        return known;
    }

    /// <summary>Follows both states through the vocabulary, as far as they differ, and corrects what is known of the other.</summary>
    private void Compare(StateSet start, StateSet free, ulong[] bits, List<int> exits, List<(int First, int End)> differs)
    {
        _own[0] = start;
        _other[0] = free;
        for (int node = 1; node < trie.Labels.Length;)
        {
            int depth = trie.Depths[node];
            byte label = trie.Labels[node];
            StateSet own = automaton.Step(_own[depth - 1], label), other = automaton.Step(_other[depth - 1], label);
            int end = trie.End[node];
            if (ReferenceEquals(own, other))
            {
                node = end;
                continue;
            }

            if (own.Places.Length == 0)
            {
                // Nothing goes on from here: at most the tokens that end at this very node are allowed.
                Set(bits, trie.TokensBelow(node), false);
                if (!own.IsDead) Set(bits, trie.TokensAt(node), true);
                if (own.IsExited) exits.Add(node);
                differs.Add((node, end));
                node = end;
                continue;
            }

            Set(bits, trie.TokensAt(node), true);
            if (own.IsExited) exits.Add(node);
            differs.Add((node, node + 1));
            _own[depth] = own;
            _other[depth] = other;
            node++;
        }
    }

    private static void Set(ulong[] bits, ReadOnlySpan<int> tokens, bool value)
    {
        foreach (int token in tokens)
        {
            if (value) bits[token >> 6] |= 1UL << (token & 63);
            else bits[token >> 6] &= ~(1UL << (token & 63));
        }
    }
}
