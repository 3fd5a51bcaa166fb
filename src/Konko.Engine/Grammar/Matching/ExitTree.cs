namespace Konko.Engine.Grammar.Matching;

/// <summary>
/// What is left of the tokens that go beyond the end of a rule: many tokens have the same rest (<c>","</c>, <c>}</c>), and
/// each rest is followed once, whatever stands on the stack.
/// </summary>
internal sealed class ExitTree
{
    private const int LargeSubtree = 512;

    private readonly byte[] _labels;
    private readonly ushort[] _depths;
    private readonly int[] _ends;
    private readonly int[] _firstTokens;
    private readonly int[] _tokens;
    private readonly int _deepest;
    private readonly int[] _largeRoots;

    private ExitTree(Builder root, int[] largeRoots)
    {
        List<byte> labels = [];
        List<ushort> depths = [];
        List<int> ends = [], firstTokens = [], tokens = [];
        root.Write(0, 0, labels, depths, ends, firstTokens, tokens);
        firstTokens.Add(tokens.Count);
        _labels = [.. labels];
        _depths = [.. depths];
        _ends = [.. ends];
        _firstTokens = [.. firstTokens];
        _tokens = [.. tokens];
        _largeRoots = largeRoots;
        foreach (ushort depth in depths) _deepest = Math.Max(_deepest, depth);
    }

    /// <summary>Collects the rests below nodes of a trie; null where there are none.</summary>
    /// <param name="trie">The vocabulary.</param>
    /// <param name="exits">The nodes at which a rule may have ended.</param>
    public static ExitTree? Create(TokenTrie trie, IReadOnlyList<int> exits)
    {
        var root = new Builder();
        var large = new List<int>();
        foreach (int exit in exits)
        {
            int own = trie.TokensAt(exit).Length;
            ReadOnlySpan<int> below = trie.TokensBelow(exit)[own..];
            if (below.Length > LargeSubtree)
            {
                large.Add(exit);
                continue;
            }

            foreach (int token in below) root.Add(trie.Bytes(token)[trie.Depths[exit]..], token);
        }

        return root.IsEmpty && large.Count == 0 ? null : new ExitTree(root, [.. large]);
    }

    /// <summary>Adds the tokens whose rest is allowed.</summary>
    /// <param name="walker">Follows the rests.</param>
    /// <param name="from">The state after the rule's end.</param>
    /// <param name="found">Takes the tokens.</param>
    public void Collect(TrieWalker walker, Automaton.StateSet from, List<int> found)
    {
        if (from.IsDead) return;
        Span<Automaton.StateSet> states = walker.Rent(_deepest + 1);
        states[0] = from;
        for (int node = 1; node < _labels.Length;)
        {
            int depth = _depths[node];
            Automaton.StateSet next = walker.Automaton.Step(states[depth - 1], _labels[node]);
            if (next.IsDead)
            {
                node = _ends[node];
                continue;
            }

            states[depth] = next;
            found.AddRange(_tokens.AsSpan(_firstTokens[node], _firstTokens[node + 1] - _firstTokens[node]));
            node++;
        }

        foreach (int root in _largeRoots) walker.Collect(root, from, found);
    }

    private sealed class Builder
    {
        private readonly SortedDictionary<byte, Builder> _children = [];
        private readonly List<int> _tokens = [];

        public bool IsEmpty => _children.Count == 0;

        public void Add(ReadOnlySpan<byte> rest, int token)
        {
            Builder node = this;
            foreach (byte label in rest)
            {
                if (!node._children.TryGetValue(label, out Builder? child)) node._children.Add(label, child = new Builder());
                node = child;
            }

            node._tokens.Add(token);
        }

        public void Write(byte label, int depth, List<byte> labels, List<ushort> depths, List<int> ends, List<int> firstTokens, List<int> tokens)
        {
            int own = labels.Count;
            labels.Add(label);
            depths.Add((ushort)depth);
            ends.Add(0);
            firstTokens.Add(tokens.Count);
            tokens.AddRange(_tokens);
            foreach ((byte childLabel, Builder child) in _children) child.Write(childLabel, depth + 1, labels, depths, ends, firstTokens, tokens);
            ends[own] = labels.Count;
        }
    }
}
