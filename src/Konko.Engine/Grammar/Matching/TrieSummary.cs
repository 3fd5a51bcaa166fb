using Konko.Engine.Grammar.Automaton;

namespace Konko.Engine.Grammar.Matching;

/// <summary>Works out what stands below each node of a vocabulary.</summary>
internal sealed class TrieSummary
{
    private readonly TrieNode[] _nodes;

    private TrieSummary(TrieNode[] nodes) => _nodes = nodes;

    /// <summary>The nodes of a tree, and one more that ends the last one's tokens.</summary>
    public static TrieNode[] Nodes(TokenTrie trie)
    {
        var nodes = new TrieNode[trie.Labels.Length + 1];
        nodes[^1].FirstToken = trie.FirstToken[^1];
        var summary = new TrieSummary(nodes);
        for (int node = trie.Labels.Length - 1; node >= 0; node--)
        {
            nodes[node] = new TrieNode { End = trie.End[node], FirstToken = trie.FirstToken[node], Depth = trie.Depths[node], Label = trie.Labels[node] };
            summary.Look(node);
        }

        return nodes;
    }

    private void Look(int node)
    {
        ref TrieNode at = ref _nodes[node];
        for (int child = node + 1; child < at.End; child = _nodes[child].End)
        {
            byte label = _nodes[child].Label;
            ulong category = ByteCategories.Table[label];
            (ulong below, int characters) = Utf8Lead.Of(label) is { } lead ? Within(child, lead) : (_nodes[child].Below, _nodes[child].MostCharacters);
            at.Beginnings |= category;
            at.Below |= category | below;
            at.MostCharacters = (ushort)Math.Max(at.MostCharacters, 1 + characters);
        }
    }

    /// <summary>What stands below a node within a character.</summary>
    private (ulong Below, int Characters) Within(int node, Utf8Lead lead)
    {
        ulong below = 0;
        int most = 0;
        for (int child = node + 1; child < _nodes[node].End; child = _nodes[child].End)
        {
            if (_nodes[child].Label < lead.Low || _nodes[child].Label > lead.High)
            {
                below |= ByteCategories.Others;
                continue;
            }

            (ulong more, int characters) = lead.Left == 1 ? (_nodes[child].Below, _nodes[child].MostCharacters) : Within(child, lead.Next);
            below |= more;
            most = Math.Max(most, characters);
        }

        return (below, most);
    }
}
