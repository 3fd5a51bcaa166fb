using Konko.Engine.Grammar.Automaton;

namespace Konko.Engine.Grammar.Matching;

// Of a state that lets some characters pass without end, only what begins with others is followed.
internal sealed partial class TrieWalker
{
    /// <summary>Adds what is allowed below an anchor of other characters than those that pass.</summary>
    private void Explore(Skeleton skeleton, StateSet from, StateSet after, ulong[] bits, ExitNodes exits)
    {
        foreach (int node in skeleton.Begins)
        {
            StateSet state = automaton.Step(from, trie.Labels[node]);
            if (state.IsDead) continue;
            Allow(node, state, bits, exits);
            if (state.Places.Length > 0) Explore(node, state, bits, exits);
        }

        RestTree rests = skeleton.Rests;
        var states = new StateSet[rests.Deepest + 1];
        states[0] = after;
        for (int i = 0; i < rests.Nodes.Length;)
        {
            ref readonly RestNode at = ref rests.Nodes[i];
            StateSet next = states[at.Depth] = automaton.Step(states[at.Depth - 1], at.Label);
            i = next.Places.Length == 0 ? at.Next : i + 1;
            if (next.IsDead) continue;
            ReadOnlySpan<int> sources = rests.Sources.AsSpan(at.FirstSource, at.SourceCount);
            foreach (int node in sources) Allow(node, next, bits, exits);
            if (sources.Length == 1 && next.Places.Length > 0) Explore(sources[0], next, bits, exits);
        }
    }

    private void Allow(int node, StateSet state, ulong[] bits, ExitNodes exits)
    {
        Add(trie.TokensAt(node), bits);
        if (state.IsExited) exits.Nodes.Add(node);
    }

    /// <summary>Adds the tokens that are allowed wholly whose rests begin where all stand in one state.</summary>
    private void Collect(RestTree rests, StateSet from, List<int> found)
    {
        var states = new StateSet[rests.Deepest + 1];
        states[0] = from;
        automaton.Spend(1);
        for (int i = 0; i < rests.Nodes.Length;)
        {
            ref readonly RestNode at = ref rests.Nodes[i];
            StateSet next = states[at.Depth] = automaton.Step(states[at.Depth - 1], at.Label);
            i = next.IsDead ? at.Next : i + 1;
            if (next.IsDead) continue;
            ReadOnlySpan<int> sources = rests.Sources.AsSpan(at.FirstSource, at.SourceCount);
            foreach (int node in sources) found.AddRange(trie.TokensAt(node));
            if (sources.Length == 1) Collect(sources[0], next, found);
        }
    }
}
