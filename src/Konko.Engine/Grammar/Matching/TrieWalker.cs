using System.Runtime.CompilerServices;
using Konko.Engine.Grammar.Automaton;

namespace Konko.Engine.Grammar.Matching;

/// <summary>Follows the strings of a vocabulary through an automaton.</summary>
/// <param name="trie">The vocabulary.</param>
/// <param name="automaton">What they are followed through.</param>
internal sealed class TrieWalker(TokenTrie trie, PushdownAutomaton automaton)
{
    private readonly StateSet[] _states = new StateSet[trie.LongestToken + 1];
    private StateSet[] _rented = new StateSet[16];

    public PushdownAutomaton Automaton => automaton;

    /// <summary>Room for the states along one string, until it is asked for again.</summary>
    public Span<StateSet> Rent(int count)
    {
        if (_rented.Length < count) _rented = new StateSet[count];
        return _rented;
    }

    /// <summary>Adds the tokens below a node (its own not) that are allowed wholly.</summary>
    /// <param name="root">The node at which <paramref name="from"/> holds.</param>
    /// <param name="from">The state there.</param>
    /// <param name="found">Takes the tokens.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Collect(int root, StateSet from, List<int> found)
    {
        byte[] labels = trie.Labels;
        ushort[] depths = trie.Depths;
        StateSet[] states = _states;
        int end = trie.End[root];
        states[depths[root]] = from;
        automaton.Spend(1);
        for (int node = root + 1; node < end;)
        {
            int depth = depths[node];
            StateSet next = automaton.Step(states[depth - 1], labels[node]);
            if (next.IsDead)
            {
                node = trie.End[node];
                continue;
            }

            states[depth] = next;
            int first = trie.FirstToken[node], last = trie.FirstToken[node + 1];
            for (int i = first; i < last; i++) found.Add(trie.Tokens[i]);
            node++;
        }
    }

    /// <summary>Works out what a set of nodes allows whatever stands on the stack.</summary>
    /// <param name="nodes">The nodes, each with its count.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public NodeMask Explore(ReadOnlySpan<(GrammarNode Node, int Count)> nodes)
    {
        var mask = new ulong[(trie.Size + 63) / 64];
        var exits = new List<int>();
        byte[] labels = trie.Labels;
        ushort[] depths = trie.Depths;
        StateSet[] states = _states;
        states[0] = automaton.Enter(nodes, automaton.Hole);
        int count = 0;
        for (int node = 1; node < labels.Length;)
        {
            int depth = depths[node];
            StateSet next = automaton.Step(states[depth - 1], labels[node]);
            if (next.IsDead)
            {
                node = trie.End[node];
                continue;
            }

            states[depth] = next;
            int first = trie.FirstToken[node], last = trie.FirstToken[node + 1];
            count += last - first;
            for (int i = first; i < last; i++)
            {
                int token = trie.Tokens[i];
                mask[token >> 6] |= 1UL << (token & 63);
            }

            if (next.IsExited) exits.Add(node);
            node = next.Places.Length == 0 ? trie.End[node] : node + 1;
        }

        return new NodeMask(mask, count, ExitTree.Create(trie, exits));
    }
}
