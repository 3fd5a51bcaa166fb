namespace Konko.Engine.Grammar.Matching;

/// <summary>The nodes of a vocabulary at which a rule may have ended.</summary>
internal sealed class ExitNodes
{
    /// <summary>Single ones.</summary>
    public List<int> Nodes { get; } = [];

    /// <summary>Nodes below which it may have ended everywhere; at themselves not.</summary>
    public List<int> Trees { get; } = [];

    /// <summary>Skeletons at all of whose nodes with characters that pass it may have ended.</summary>
    public List<Skeleton> Skeletons { get; } = [];

    /// <summary>All of them singly, in order.</summary>
    public List<int> All(TokenTrie trie)
    {
        foreach (Skeleton skeleton in Skeletons) skeleton.AddTo(this);
        Skeletons.Clear();
        foreach (int root in Trees)
        {
            for (int node = root + 1; node < trie.End[root]; node++) Nodes.Add(node);
        }

        Trees.Clear();
        Nodes.Sort();
        return Nodes;
    }
}
