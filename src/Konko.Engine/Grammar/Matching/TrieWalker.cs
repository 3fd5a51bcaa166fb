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
    public NodeMask Explore(ReadOnlySpan<(GrammarNode Node, int Count)> nodes)
    {
        StateSet start = automaton.Enter(nodes, automaton.Hole);
        var bits = new ulong[(trie.Size + 63) / 64];
        var exits = new List<int>();
        Explore(0, start, bits, exits);
        return new NodeMask(bits, ExitTree.Create(trie, exits), exits);
    }

    /// <summary>Adds what is allowed below a node of the trie, and where what is known of the stack may end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Explore(int root, StateSet from, ulong[] bits, List<int> exits)
    {
        byte[] labels = trie.Labels;
        ushort[] depths = trie.Depths;
        StateSet[] states = _states;
        int end = trie.End[root];
        states[depths[root]] = from;
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
            for (int i = first; i < last; i++)
            {
                int token = trie.Tokens[i];
                bits[token >> 6] |= 1UL << (token & 63);
            }

            if (next.IsExited) exits.Add(node);
            node = next.Places.Length == 0 ? trie.End[node] : node + 1;
        }
    }
}
