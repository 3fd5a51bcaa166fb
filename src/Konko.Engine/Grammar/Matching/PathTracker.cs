using Konko.Engine.Grammar.Automaton;

namespace Konko.Engine.Grammar.Matching;

/// <summary>Follows which categories of characters stand on the way from a node of a vocabulary to those below it, visited in order.</summary>
/// <param name="root">The node; a character begins after it.</param>
/// <param name="depth">Its depth.</param>
/// <param name="deepest">The greatest depth.</param>
internal sealed class PathTracker(int root, int depth, int deepest)
{
    // What the character that each depth stands in asks of the next byte; nothing is left where it is whole.
    private readonly Utf8Lead[] _asked = new Utf8Lead[deepest + 1];
    private readonly ulong[] _categories = new ulong[deepest + 1];
    private readonly int[] _characters = new int[deepest + 1];

    /// <summary>The node after which paths begin.</summary>
    public int Root => root;

    /// <summary>Whether the byte of the node visited last goes on with a character, or should.</summary>
    public bool IsWithin { get; private set; }

    /// <summary>Goes to a node below the root; the nodes above it have been visited.</summary>
    /// <returns>The categories on the way to it, and the characters, one that is not whole counted.</returns>
    public (ulong Categories, int Characters) Visit(in TrieNode node)
    {
        int at = node.Depth - depth;
        Utf8Lead lead = _asked[at - 1];
        IsWithin = lead.Left > 0;
        bool goesOn = lead.Left > 0 && node.Label >= lead.Low && node.Label <= lead.High;
        _asked[at] = goesOn ? lead.Next : Utf8Lead.Of(node.Label) ?? default;
        _categories[at] = _categories[at - 1] | (goesOn ? 0 : lead.Left > 0 ? ByteCategories.Others : ByteCategories.Table[node.Label]);
        _characters[at] = _characters[at - 1] + (goesOn ? 0 : 1);
        return (_categories[at], _characters[at]);
    }
}
