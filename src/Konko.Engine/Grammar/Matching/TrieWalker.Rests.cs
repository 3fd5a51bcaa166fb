using Konko.Engine.Grammar.Automaton;

namespace Konko.Engine.Grammar.Matching;

// Of a state that lets some characters pass without end, only what begins with others is followed.
internal sealed partial class TrieWalker
{
    /// <summary>Adds what is allowed below an anchor of other characters than those that pass.</summary>
    private void Explore(Skeleton skeleton, StateSet from, StateSet after, ulong[] bits, ExitNodes exits)
    {
        foreach (int node in skeleton.Begins) Begin(node, automaton.Step(from, trie.Labels[node]), bits, exits);

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
            if (sources.Length == 1)
            {
                Begin(sources[0], next, bits, exits);
                continue;
            }

            foreach (int node in sources)
            {
                Add(trie.TokensAt(node), bits);
                if (next.IsExited) exits.Nodes.Add(node);
            }
        }
    }

    private void Begin(int node, StateSet state, ulong[] bits, ExitNodes exits)
    {
        if (state.IsDead) return;
        Add(trie.TokensAt(node), bits);
        if (state.IsExited) exits.Nodes.Add(node);
        if (state.Places.Length > 0) Explore(node, state, bits, exits);
    }

    /// <summary>Adds the tokens that are allowed wholly whose rests begin where all stand in one state.</summary>
    private void Collect(RestTree rests, StateSet from, List<int> found)
    {
        var states = new StateSet[rests.Deepest + 1];
        states[0] = from;
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
