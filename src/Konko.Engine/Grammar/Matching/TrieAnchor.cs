using System.Collections.Concurrent;

namespace Konko.Engine.Grammar.Matching;

/// <summary>A node with so many tokens below it that those of a kind of characters are better found by a pass over an array: the root, and the blank before words.</summary>
internal sealed class TrieAnchor
{
    /// <summary>So large a subtree is worth an anchor.</summary>
    public const int ManyNodes = 256;

    /// <summary>Sets of characters are few in practice; hostile ones are forgotten.</summary>
    private const int MostKept = 64;

    private readonly ConcurrentDictionary<ulong, Skeleton> _skeletons = [];
    private readonly TokenTrie _trie;

    /// <param name="trie">The vocabulary.</param>
    /// <param name="node">The node.</param>
    public TrieAnchor(TokenTrie trie, int node)
    {
        _trie = trie;
        Node = node;
        var shapes = new TokenShapes(trie.Size);
        var path = new PathTracker(node, trie.Nodes[node].Depth, trie.LongestToken);
        for (int below = node + 1; below < trie.Nodes[node].End; below++)
        {
            (ulong categories, int characters) = path.Visit(trie.Nodes[below]);
            foreach (int token in trie.TokensAt(below)) shapes.Set(token, categories, characters);
        }

        Shapes = shapes.Finished();
    }

    /// <summary>The node.</summary>
    public int Node { get; }

    /// <summary>What the tokens below it are made of, after what leads to it.</summary>
    public TokenShapes Shapes { get; }

    /// <summary>What some categories leave to be walked.</summary>
    public Skeleton Without(ulong categories)
    {
        if (_skeletons.TryGetValue(categories, out Skeleton? known)) return known;
        if (_skeletons.Count >= MostKept) _skeletons.Clear();
        return _skeletons.GetOrAdd(categories, Skeleton.Make(_trie, Node, categories));
    }
}
