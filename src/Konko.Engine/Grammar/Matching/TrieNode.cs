namespace Konko.Engine.Grammar.Matching;

/// <summary>What a walk asks of a node of a <see cref="TokenTrie"/>, side by side in memory.</summary>
internal struct TrieNode
{
    /// <summary>The node after its subtree.</summary>
    public int End;

    /// <summary>Where its tokens begin.</summary>
    public int FirstToken;

    /// <summary>The <see cref="Automaton.ByteCategories"/> of all that stands below it, a character beginning at the node.</summary>
    public ulong Below;

    /// <summary>The categories of the bytes right after it.</summary>
    public ulong Beginnings;

    /// <summary>The length of its string.</summary>
    public ushort Depth;

    /// <summary>The most characters in a row below it, one that is cut off counted.</summary>
    public ushort MostCharacters;

    /// <summary>The byte that leads to it.</summary>
    public byte Label;
}
