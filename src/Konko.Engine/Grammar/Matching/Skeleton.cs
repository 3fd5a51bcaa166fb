namespace Konko.Engine.Grammar.Matching;

/// <summary>
/// What is left of a vocabulary's tree for a state that lets some categories of characters pass: the nodes that such
/// characters lead to and that have others below them, and where these begin. The rest is known without a walk.
/// </summary>
internal sealed class Skeleton
{
    private Skeleton(SkeletonEntry[] entries, ulong categories, int[] begins, RestTree rests) =>
        (Entries, Categories, Begins, Rests) = (entries, categories, begins, rests);

    /// <summary>The nodes, in reading order.</summary>
    public SkeletonEntry[] Entries { get; }

    /// <summary>The categories that pass.</summary>
    public ulong Categories { get; }

    /// <summary>The nodes of other characters right below the root.</summary>
    public int[] Begins { get; }

    /// <summary>What begins with other characters after some that pass.</summary>
    public RestTree Rests { get; }

    /// <summary>Adds all nodes to which characters that pass lead.</summary>
    /// <param name="exits">Takes them.</param>
    public void AddTo(ExitNodes exits)
    {
        foreach (SkeletonEntry entry in Entries)
        {
            if (entry.Kind == SkeletonKind.Other) continue;
            exits.Nodes.Add(entry.Node);
            if (entry.Kind == SkeletonKind.Whole) exits.Trees.Add(entry.Node);
        }
    }

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
        List<int> begins = [], rests = [];
        int[] characterBegins = new int[trie.LongestToken + 1];
        for (int node = root + 1; node < nodes[root].End;)
        {
            Close(node);
            ref readonly TrieNode at = ref nodes[node];
            (ulong own, int characters) = path.Visit(at);
            SkeletonKind kind = (own & ~categories) != 0 ? SkeletonKind.Other : (at.Below & ~categories) == 0 ? SkeletonKind.Whole : SkeletonKind.Mixed;
            if (kind == SkeletonKind.Mixed) open.Push((entries.Count, at.End));
            // The way to a broken character begins before it, where a state is known.
            int begin = characterBegins[at.Depth] = path.IsWithin ? characterBegins[at.Depth - 1] : node;
            if (kind == SkeletonKind.Other) (nodes[begin].Depth == nodes[root].Depth + 1 ? begins : rests).Add(begin);
            entries.Add(new SkeletonEntry { Node = node, Next = entries.Count + 1, Depth = at.Depth, Label = at.Label, Kind = kind, Characters = (ushort)characters, MostCharacters = (ushort)(characters + at.MostCharacters) });
            node = kind == SkeletonKind.Mixed ? node + 1 : at.End;
        }

        Close(int.MaxValue);
        return new Skeleton([.. entries], categories, [.. begins.Distinct()], new RestTree(trie, rests));

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
