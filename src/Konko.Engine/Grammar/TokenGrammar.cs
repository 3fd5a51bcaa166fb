using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Grammar.Json;
using Konko.Engine.Grammar.Matching;

namespace Konko.Engine.Grammar;

/// <summary>
/// A grammar over a vocabulary: says of every text so far which tokens may follow. What it works out it remembers, for all
/// who share it. Safe to share; one caller at a time gets on.
/// </summary>
public sealed class TokenGrammar
{
    private const int CachedNodeMasks = 1024;
    private const long CachedPlanBytes = 32L << 20;

    private readonly Lock _lock = new();
    private readonly PushdownAutomaton _automaton;
    private readonly TrieWalker _walker;
    private readonly StringMasks _strings;
    private readonly Dictionary<NodeSet, NodeMask> _nodeMasks = [];
    private readonly List<int> _found = [];
    private long _planBytes;

    /// <param name="grammar">The grammar.</param>
    /// <param name="vocabulary">The model's vocabulary.</param>
    public TokenGrammar(CompiledGrammar grammar, GrammarVocabulary vocabulary)
    {
        Vocabulary = vocabulary;
        _automaton = new PushdownAutomaton(grammar.Root, grammar.Nodes);
        _walker = new TrieWalker(vocabulary.Trie, _automaton);
        _strings = new StringMasks(vocabulary.Trie, _automaton, _walker, vocabulary.Mask(new NodeSet([(JsonRules.StringContent, 0)])));
        Start = new GrammarState(this, _automaton.Start);
    }

    /// <summary>The vocabulary.</summary>
    public GrammarVocabulary Vocabulary { get; }

    /// <summary>The state of the empty text.</summary>
    public GrammarState Start { get; }

    internal StateSet? Accept(StateSet state, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _automaton.BeginWork();
            foreach (byte value in bytes)
            {
                state = _automaton.Step(state, value);
                if (state.IsDead) return null;
            }

            return state;
        }
    }

    internal void WriteMask(StateSet state, Span<ulong> mask)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mask.Length, Vocabulary.MaskWords);
        lock (_lock)
        {
            StateMemo memo = Memo(state);
            memo.Plan ??= Remember(Plan(state));
            memo.Plan.Write(mask);
        }

        if (!state.IsAccepting) return;
        foreach (int id in Vocabulary.EndOfGeneration) mask[id >> 6] |= 1UL << (id & 63);
    }

    internal int[] Forced(StateSet state)
    {
        lock (_lock)
        {
            StateMemo memo = Memo(state);
            return memo.Forced ??= ForcedStretch.Find(_automaton, state, Vocabulary);
        }
    }

    private StateMemo Memo(StateSet state)
    {
        _automaton.BeginWork();
        if (_planBytes > CachedPlanBytes)
        {
            _automaton.Forget();
            _planBytes = 0;
        }

        return _automaton.Memo(state);
    }

    private MaskPlan Remember(MaskPlan plan)
    {
        _planBytes += plan.OwnBytes;
        return plan;
    }

    private MaskPlan Plan(StateSet state)
    {
        var bits = new List<ulong[]>();
        _found.Clear();
        Place[] places = state.Places;
        var taken = new bool[places.Length];
        var nodes = new List<(GrammarNode, int)>();
        for (int i = 0; i < places.Length; i++)
        {
            if (taken[i]) continue;
            StackSet stack = places[i].Stack;
            if (places[i].Node.Repetition is { IsCharacters: true } characters)
            {
                CountCharacters(characters, places[i].Count, stack, bits);
                continue;
            }

            nodes.Clear();
            for (int j = i; j < places.Length; j++)
            {
                if (!ReferenceEquals(places[j].Stack, stack) || places[j].Node.Repetition is { IsCharacters: true }) continue;
                taken[j] = true;
                nodes.Add((places[j].Node, Significant(places[j].Node, places[j].Count)));
            }

            NodeMask mask = Mask(new NodeSet([.. nodes]));
            if (mask.Bits is { } set) bits.Add(set);
            else _found.AddRange(mask.Tokens);
            mask.CollectExits(_walker, _automaton.Return(stack), _found);
        }

        return MaskPlan.Of(bits, _found, Vocabulary.MaskWords);
    }

    /// <summary>A count that allows the same tokens: far from both of its bounds a repetition's count makes no difference to any.</summary>
    private int Significant(GrammarNode node, int count)
    {
        if (node.Repetition is not { } repetition || repetition.First != repetition.Then || repetition.Then.IsNullable) return count;
        int least = Math.Max(repetition.Min, 1);
        return count > least && count <= repetition.Max - Vocabulary.Trie.LongestToken ? least : count;
    }

    private void CountCharacters(Repetition characters, int count, StackSet stack, List<ulong[]> bits)
    {
        CharacterCounts counts = Vocabulary.Characters;
        int room = characters.Max == Repetition.Unbounded ? int.MaxValue : characters.Max - count;
        bits.Add(counts.AtMost(room));
        counts.CollectEndings(Math.Max(characters.Min - count, 1), room, _walker, _automaton.Return(stack), _found);
    }

    private NodeMask Mask(NodeSet nodes)
    {
        if (nodes.IsShared) return Vocabulary.Mask(nodes);
        if (_nodeMasks.TryGetValue(nodes, out NodeMask? known)) return known;
        if (_nodeMasks.Count >= CachedNodeMasks) _nodeMasks.Clear();
        NodeMask mask = _strings.Explore(nodes.Nodes) ?? _walker.Explore(nodes.Nodes);
        _nodeMasks.Add(nodes, mask);
        return mask;
    }
}
