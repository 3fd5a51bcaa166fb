using System.Numerics;

namespace Konko.Engine.Grammar.Matching;

/// <summary>What a set of nodes allows whatever stands on the stack, and which tokens depend on the stack.</summary>
internal sealed class NodeMask
{
    /// <summary>So few tokens are kept as a list.</summary>
    private const int FewTokens = 512;

    /// <param name="mask">The tokens that are allowed wholly, one bit each.</param>
    /// <param name="exits">The tokens that go on after the rule's end.</param>
    /// <param name="exitNodes">Where they do, as nodes of the trie.</param>
    public NodeMask(ulong[] mask, ExitTree? exits, IReadOnlyList<int> exitNodes)
    {
        Exits = exits;
        ExitNodes = exitNodes;
        int count = 0;
        foreach (ulong word in mask) count += BitOperations.PopCount(word);
        if (count > FewTokens)
        {
            Bits = mask;
            return;
        }

        var tokens = new List<int>(count);
        for (int word = 0; word < mask.Length; word++)
        {
            for (ulong bits = mask[word]; bits != 0; bits &= bits - 1) tokens.Add(word * 64 + BitOperations.TrailingZeroCount(bits));
        }

        Tokens = [.. tokens];
    }

    /// <summary>The allowed tokens as bits, or null where they are few.</summary>
    public ulong[]? Bits { get; }

    /// <summary>The allowed tokens, where they are few.</summary>
    public int[] Tokens { get; } = [];

    /// <summary>The tokens that go on after the rule's end; null where there are none.</summary>
    public ExitTree? Exits { get; }

    /// <summary>The nodes of the trie at which the rule may have ended.</summary>
    public IReadOnlyList<int> ExitNodes { get; }
}
