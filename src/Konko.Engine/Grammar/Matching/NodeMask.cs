using System.Numerics;
using Konko.Engine.Grammar.Automaton;

namespace Konko.Engine.Grammar.Matching;

/// <summary>What a set of nodes allows whatever stands on the stack, and which tokens depend on the stack.</summary>
internal sealed class NodeMask
{
    /// <summary>So few tokens are kept as a list.</summary>
    private const int FewTokens = 512;

    private readonly ExitTree? _rests;

    /// <param name="mask">The tokens that are allowed wholly, one bit each.</param>
    /// <param name="exits">The nodes of the trie at which the rule may have ended.</param>
    /// <param name="rests">
    /// What goes on from there, ordered by what it is: worth making where many follow it. Else the trie is followed itself.
    /// </param>
    public NodeMask(ulong[] mask, ExitNodes exits, ExitTree? rests = null)
    {
        Exits = exits;
        _rests = rests;
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

    /// <summary>The nodes of the trie at which the rule may have ended.</summary>
    public ExitNodes Exits { get; }

    /// <summary>Adds the tokens that go on after the rule's end.</summary>
    /// <param name="walker">Follows them.</param>
    /// <param name="after">The state after the rule's end.</param>
    /// <param name="found">Takes the tokens.</param>
    public void CollectExits(TrieWalker walker, StateSet after, List<int> found)
    {
        if (_rests is not null)
        {
            _rests.Collect(walker, after, found);
            return;
        }

        if (after.Places.Length > 0) walker.Collect(Exits, after, found);
    }
}
