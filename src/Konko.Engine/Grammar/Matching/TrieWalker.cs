using System.Runtime.CompilerServices;
using Konko.Engine.Grammar.Automaton;

namespace Konko.Engine.Grammar.Matching;

/// <summary>Follows the strings of a vocabulary through an automaton.</summary>
/// <param name="trie">The vocabulary.</param>
/// <param name="automaton">What they are followed through.</param>
internal sealed partial class TrieWalker(TokenTrie trie, PushdownAutomaton automaton)
{
    /// <summary>What a state's run is worth looking for: a subtree of fewer nodes is sooner walked.</summary>
    private const int ManyNodes = 48;

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
        TrieNode[] nodes = trie.Nodes;
        StateSet[] states = _states;
        int end = nodes[root].End;
        states[nodes[root].Depth] = from;
        automaton.Spend(1);
        for (int node = root + 1; node < end;)
        {
            ref readonly TrieNode at = ref nodes[node];
            StateSet next = automaton.Step(states[at.Depth - 1], at.Label);
            if (next.IsDead)
            {
                node = at.End;
                continue;
            }

            bool covers = Covers(next, at, node);
            states[at.Depth] = next;
            found.AddRange(trie.Tokens.AsSpan(at.FirstToken, nodes[covers ? at.End : node + 1].FirstToken - at.FirstToken));
            node = covers ? at.End : node + 1;
        }
    }

    /// <summary>Adds the tokens below any of a few nodes that are allowed wholly.</summary>
    public void Collect(ExitNodes roots, StateSet from, List<int> found)
    {
        ulong beginnings = automaton.Beginnings(from);
        TrieNode[] nodes = trie.Nodes;
        foreach (Skeleton skeleton in roots.Skeletons)
        {
            if ((skeleton.Categories & beginnings) == 0)
            {
                Collect(skeleton.Rests, from, found);
                continue;
            }

            var all = new ExitNodes();
            skeleton.AddTo(all);
            Collect(all, from, found);
        }

        foreach (int root in roots.Nodes)
        {
            if ((nodes[root].Beginnings & beginnings) != 0) Collect(root, from, found);
        }

        foreach (int tree in roots.Trees)
        {
            if ((nodes[tree].Below & beginnings) == 0) continue;
            for (int root = tree + 1; root < nodes[tree].End; root++)
            {
                if ((nodes[root].Beginnings & beginnings) != 0) Collect(root, from, found);
            }
        }
    }

    /// <summary>Works out what a set of nodes allows whatever stands on the stack.</summary>
    /// <param name="nodes">The nodes, each with its count.</param>
    /// <param name="isShared">Whether all grammars will ask for it.</param>
    public NodeMask Explore(ReadOnlySpan<(GrammarNode Node, int Count)> nodes, bool isShared = false)
    {
        StateSet start = automaton.Enter(nodes, automaton.Hole);
        var bits = new ulong[(trie.Size + 63) / 64];
        var exits = new ExitNodes();
        Explore(0, start, bits, exits);
        return new NodeMask(bits, exits, isShared ? ExitTree.Create(trie, exits.All(trie)) : null);
    }

    /// <summary>Adds what is allowed below a node of the trie, and where what is known of the stack may end.</summary>
    public void Explore(int root, StateSet from, ulong[] bits, ExitNodes exits)
    {
        if (trie.Anchor(root) is { } anchor && automaton.Run(from) is { Categories: not 0 } run) Explore(anchor, from, run, bits, exits);
        else Walk(root, from, bits, exits);
    }

    /// <summary>The same of an anchor: what its run lets pass is known, and only the rest is followed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Explore(TrieAnchor anchor, StateSet from, StateRun run, ulong[] bits, ExitNodes exits)
    {
        anchor.Shapes.Add(bits, run.Categories, run.Length);
        if (run.IsUniform && run.Length >= trie.LongestToken && run.Probe is { } probe)
        {
            Explore(anchor.Without(run.Categories), from, automaton.Step(from, probe), bits, exits);
            if (run.IsExited) exits.Skeletons.Add(anchor.Without(run.Categories));
            return;
        }

        SkeletonEntry[] entries = anchor.Without(run.Categories).Entries;
        StateSet[] states = _states;
        states[trie.Nodes[anchor.Node].Depth] = from;
        for (int i = 0; i < entries.Length;)
        {
            ref readonly SkeletonEntry at = ref entries[i];
            if (at.Kind == SkeletonKind.Whole && at.MostCharacters <= run.Length)
            {
                if (run.IsExited)
                {
                    exits.Nodes.Add(at.Node);
                    exits.Trees.Add(at.Node);
                }

                i++;
                continue;
            }

            StateSet next = automaton.Step(states[at.Depth - 1], at.Label);
            if (next.IsDead)
            {
                i = at.Next;
                continue;
            }

            states[at.Depth] = next;
            if (next.IsExited) exits.Nodes.Add(at.Node);
            if (at.Kind == SkeletonKind.Other || at.Characters > run.Length) Add(trie.TokensAt(at.Node), bits);
            if (at.Kind != SkeletonKind.Mixed && next.Places.Length > 0) Explore(at.Node, next, bits, exits);
            i = next.Places.Length == 0 ? at.Next : i + 1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Walk(int root, StateSet from, ulong[] bits, ExitNodes exits)
    {
        TrieNode[] nodes = trie.Nodes;
        StateSet[] states = _states;
        int end = nodes[root].End;
        states[nodes[root].Depth] = from;
        for (int node = root + 1; node < end;)
        {
            ref readonly TrieNode at = ref nodes[node];
            StateSet next = automaton.Step(states[at.Depth - 1], at.Label);
            if (next.IsDead)
            {
                node = at.End;
                continue;
            }

            states[at.Depth] = next;
            if (next.IsExited) exits.Nodes.Add(node);
            bool covers = Covers(next, at, node);
            Add(trie.Tokens.AsSpan(at.FirstToken, nodes[covers ? at.End : node + 1].FirstToken - at.FirstToken), bits);
            if (covers && automaton.Run(next).IsExited) exits.Trees.Add(node);
            if (covers || next.Places.Length == 0)
            {
                node = at.End;
            }
            else if (trie.Anchor(node) is not null)
            {
                Explore(node, next, bits, exits);
                node = at.End;
            }
            else
            {
                node++;
            }
        }
    }

    private static void Add(ReadOnlySpan<int> tokens, ulong[] bits)
    {
        foreach (int token in tokens) bits[token >> 6] |= 1UL << (token & 63);
    }

    /// <summary>Whether a state lets everything below a node pass, as far as that can be seen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Covers(StateSet state, in TrieNode at, int node) =>
        at.End - node is var size && size > 1 && (at.Below & ByteCategories.Others) == 0 && (state.Run is not null || size > ManyNodes)
        && automaton.Run(state).Covers(at.Below, at.MostCharacters);
}
