using System.Text;
using Konko.Engine.Grammar.Calls;
using Konko.Engine.Tokenizers;

namespace Konko.Engine.Grammar.Matching;

/// <summary>
/// A vocabulary's byte strings as a tree in reading order: a node's children follow it, and <see cref="End"/> tells where
/// its subtree ends, so that a walk is one pass over arrays and a subtree is skipped by one jump.
/// </summary>
internal sealed class TokenTrie
{
    /// <summary>Longer tokens (a hostile file may have them) are never allowed, which costs no text its spelling.</summary>
    private const int MostBytes = 256;

    private readonly int[] _offsets;
    private readonly byte[] _bytes;
    private readonly TrieAnchor _root;
    private readonly TrieAnchor? _blank;

    /// <param name="tokens">The bytes of each id; empty ones are in no text.</param>
    public TokenTrie(IReadOnlyList<byte[]> tokens)
    {
        _offsets = new int[tokens.Count + 1];
        for (int id = 0; id < tokens.Count; id++) _offsets[id + 1] = _offsets[id] + tokens[id].Length;
        _bytes = new byte[_offsets[^1]];
        for (int id = 0; id < tokens.Count; id++) tokens[id].CopyTo(_bytes, _offsets[id]);

        int[] order = [.. Enumerable.Range(0, tokens.Count).Where(id => tokens[id].Length is > 0 and <= MostBytes)];
        Array.Sort(order, (a, b) => Bytes(a).SequenceCompareTo(Bytes(b)) is int c && c != 0 ? c : a.CompareTo(b));

        var labels = new List<byte> { 0 };
        var depths = new List<ushort> { 0 };
        var ends = new List<int> { 0 };
        var firstTokens = new List<int> { 0 };
        var sorted = new List<int>();
        var path = new List<int> { 0 };
        ReadOnlySpan<byte> previous = [];
        foreach (int id in order)
        {
            ReadOnlySpan<byte> bytes = Bytes(id);
            int common = bytes.CommonPrefixLength(previous);
            while (path.Count > common + 1)
            {
                ends[path[^1]] = labels.Count;
                path.RemoveAt(path.Count - 1);
            }

            for (int depth = common; depth < bytes.Length; depth++)
            {
                path.Add(labels.Count);
                labels.Add(bytes[depth]);
                depths.Add((ushort)(depth + 1));
                ends.Add(0);
                firstTokens.Add(sorted.Count);
            }

            sorted.Add(id);
            previous = bytes;
            LongestToken = Math.Max(LongestToken, bytes.Length);
        }

        foreach (int node in path) ends[node] = labels.Count;
        firstTokens.Add(sorted.Count);
        Labels = [.. labels];
        Depths = [.. depths];
        End = [.. ends];
        FirstToken = [.. firstTokens];
        Tokens = [.. sorted];
        Size = tokens.Count;
        Nodes = TrieSummary.Nodes(this);
        _root = new TrieAnchor(this, 0);
        for (int node = 1; node < Labels.Length; node = End[node])
        {
            if (Labels[node] == ' ' && End[node] - node >= TrieAnchor.ManyNodes) _blank = new TrieAnchor(this, node);
        }
    }

    /// <summary>Number of ids, those of no bytes included.</summary>
    public int Size { get; }

    /// <summary>The byte that leads to each node; the root, 0, has none.</summary>
    public byte[] Labels { get; }

    /// <summary>The length of each node's string.</summary>
    public ushort[] Depths { get; }

    /// <summary>The node after each node's subtree.</summary>
    public int[] End { get; }

    /// <summary>Where the tokens of each node's subtree begin in <see cref="Tokens"/>; those that end at the node come first.</summary>
    public int[] FirstToken { get; }

    /// <summary>The ids in the order of their bytes.</summary>
    public int[] Tokens { get; }

    /// <summary>The same of each node side by side, with what stands below it; one more ends the last one's tokens.</summary>
    public TrieNode[] Nodes { get; }

    /// <summary>Length of the longest token in bytes.</summary>
    public int LongestToken { get; }

    /// <summary>The anchor at a node, or null.</summary>
    public TrieAnchor? Anchor(int node) => node == 0 ? _root : node == _blank?.Node ? _blank : null;

    /// <summary>The bytes of an id.</summary>
    public ReadOnlySpan<byte> Bytes(int id) => _bytes.AsSpan(_offsets[id], _offsets[id + 1] - _offsets[id]);

    /// <summary>The ids that end at a node.</summary>
    public ReadOnlySpan<int> TokensAt(int node) => Tokens.AsSpan(FirstToken[node], FirstToken[node + 1] - FirstToken[node]);

    /// <summary>The ids of a node's subtree, its own included.</summary>
    public ReadOnlySpan<int> TokensBelow(int node) => Tokens.AsSpan(FirstToken[node], FirstToken[End[node]] - FirstToken[node]);

    /// <summary>The texts of a tokenizer's ids; that of a control token stands behind a byte that no text has, and one that ends a generation has none.</summary>
    public static TokenTrie Of(Tokenizer tokenizer)
    {
        var tokens = new byte[tokenizer.VocabularySize][];
        var ends = new HashSet<int>(tokenizer.EndOfGeneration);
        for (int id = 0; id < tokens.Length; id++)
        {
            ReadOnlySpan<byte> text = tokenizer.Bytes(id);
            // No text has that byte either, though vocabularies of bytes have a token for it.
            tokens[id] = ends.Contains(id) || text.Contains(TriggerAutomaton.Control) ? []
                : tokenizer.IsSpecial(id) ? [TriggerAutomaton.Control, .. Encoding.UTF8.GetBytes(tokenizer.Literal(id))]
                : text.ToArray();
        }

        return new TokenTrie(tokens);
    }
}
