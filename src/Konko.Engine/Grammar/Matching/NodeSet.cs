using Konko.Engine.Grammar.Automaton;

namespace Konko.Engine.Grammar.Matching;

/// <summary>Nodes that share a stack, as a key.</summary>
internal readonly struct NodeSet : IEquatable<NodeSet>
{
    private readonly (GrammarNode Node, int Count)[] _nodes;

    public NodeSet((GrammarNode Node, int Count)[] nodes) => _nodes = nodes;

    public ReadOnlySpan<(GrammarNode Node, int Count)> Nodes => _nodes;

    /// <summary>All of them belong to every grammar.</summary>
    public bool IsShared => Array.TrueForAll(_nodes, static item => item.Node.IsShared);

    public bool Equals(NodeSet other) => _nodes.AsSpan().SequenceEqual(other._nodes);

    public override bool Equals(object? obj) => obj is NodeSet other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach ((GrammarNode node, int count) in _nodes)
        {
            hash.Add(node.Id);
            hash.Add(count);
        }

        return hash.ToHashCode();
    }
}
