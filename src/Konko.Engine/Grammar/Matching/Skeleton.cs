namespace Konko.Engine.Grammar.Matching;

/// <summary>
/// What is left of a vocabulary's tree for a state that lets some categories of characters pass: the nodes that such
/// characters lead to and that have others below them, and where these begin. The rest is known without a walk.
/// </summary>
internal sealed class Skeleton
{
    private Skeleton(SkeletonEntry[] entries) => Entries = entries;

    /// <summary>The nodes, in reading order.</summary>
    public SkeletonEntry[] Entries { get; }

    /// <summary>The skeleton of what stands below a node.</summary>
    /// <param name="trie">The vocabulary.</param>
    /// <param name="root">The node.</param>
    /// <param name="categories">The categories that pass.</param>
    public static Skeleton Make(TokenTrie trie, int root, ulong categories)
    {
        TrieNode[] nodes = trie.Nodes;
        var entries = new List<SkeletonEntry>();
        var open = new Stack<(int Entry, int End)>();
        var path = new PathTracker(root, nodes[root].Depth, trie.LongestToken);
        for (int node = root + 1; node < nodes[root].End;)
        {
            Close(node);
            ref readonly TrieNode at = ref nodes[node];
            (ulong own, int characters) = path.Visit(at);
            SkeletonKind kind = (own & ~categories) != 0 ? SkeletonKind.Other : (at.Below & ~categories) == 0 ? SkeletonKind.Whole : SkeletonKind.Mixed;
            if (kind == SkeletonKind.Mixed) open.Push((entries.Count, at.End));
            entries.Add(new SkeletonEntry { Node = node, Next = entries.Count + 1, Depth = at.Depth, Label = at.Label, Kind = kind, Characters = (ushort)characters, MostCharacters = (ushort)(characters + at.MostCharacters) });
            node = kind == SkeletonKind.Mixed ? node + 1 : at.End;
        }

        Close(int.MaxValue);
        return new Skeleton([.. entries]);

        void Close(int node)
        {
            while (open.TryPeek(out (int Entry, int End) top) && top.End <= node)
            {
                open.Pop();
                entries[top.Entry] = entries[top.Entry] with { Next = entries.Count };
            }
        }
    }
}
