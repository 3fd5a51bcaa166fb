namespace Konko.Engine.Grammar.Matching;

/// <summary>
/// What stands below many nodes of a vocabulary's tree, as one tree: rests that many tokens share are followed once. Where
/// only one token's way is left, the vocabulary's own tree goes on.
/// </summary>
internal sealed class RestTree
{
    private readonly TokenTrie _trie;
    private readonly List<RestNode> _nodes = [];
    private readonly List<int> _sources = [];

    /// <param name="trie">The vocabulary.</param>
    /// <param name="begins">The nodes that rests begin with, in any order.</param>
    public RestTree(TokenTrie trie, IEnumerable<int> begins)
    {
        _trie = trie;
        Write([.. begins.Distinct()], depth: 1);
        Nodes = [.. _nodes];
        Sources = [.. _sources];
        foreach (RestNode node in Nodes) Deepest = Math.Max(Deepest, node.Depth);
    }

    /// <summary>The nodes, in reading order.</summary>
    public RestNode[] Nodes { get; }

    /// <summary>The nodes of the vocabulary's tree that each stands for, one after the other.</summary>
    public int[] Sources { get; }

    /// <summary>The length of the longest rest within it.</summary>
    public int Deepest { get; }

    /// <summary>Writes siblings that begin with any of some nodes.</summary>
    private void Write(int[] begins, int depth)
    {
        byte[] labels = [.. begins.Select(node => _trie.Labels[node])];
        Array.Sort(labels, begins);
        for (int first = 0, end; first < begins.Length; first = end)
        {
            end = first + 1;
            while (end < begins.Length && labels[end] == labels[first]) end++;
            ReadOnlySpan<int> same = begins.AsSpan(first, end - first);
            int own = _nodes.Count, sources = _sources.Count;
            _sources.AddRange(same);
            _nodes.Add(default);
            if (same.Length > 1)
            {
                var children = new List<int>();
                foreach (int node in same)
                {
                    for (int child = node + 1; child < _trie.End[node]; child = _trie.End[child]) children.Add(child);
                }

                Write([.. children], depth + 1);
            }

            _nodes[own] = new RestNode(_nodes.Count, sources, same.Length, (ushort)depth, labels[first]);
        }
    }
}
