using System.Collections.Concurrent;
using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Grammar.Json;
using Konko.Engine.Grammar.Matching;
using Konko.Engine.Tokenizers;

namespace Konko.Engine.Grammar;

/// <summary>
/// A tokenizer's vocabulary, made ready for masks: a tree of its byte strings, and what the parts that all JSON has in
/// common (strings, numbers, any value) allow of it. Made once for a model; safe to share.
/// </summary>
public sealed class GrammarVocabulary
{
    private readonly Lock _lock = new();
    private readonly PushdownAutomaton _json;
    private readonly TrieWalker _walker;
    private readonly ConcurrentDictionary<NodeSet, NodeMask> _masks = [];
    private readonly int[] _endOfGeneration;
    private readonly Func<string, IReadOnlyList<int>>? _encode;

    internal GrammarVocabulary(IReadOnlyList<byte[]> tokens, IReadOnlyList<int> endOfGeneration, Func<string, IReadOnlyList<int>>? encode = null)
        : this(new TokenTrie(tokens), endOfGeneration, encode)
    {
    }

    private GrammarVocabulary(TokenTrie trie, IReadOnlyList<int> endOfGeneration, Func<string, IReadOnlyList<int>>? encode)
    {
        Trie = trie;
        _endOfGeneration = [.. endOfGeneration];
        _encode = encode;
        _json = new PushdownAutomaton(JsonRules.Object, nodes: null);
        _walker = new TrieWalker(Trie, _json);
        Characters = new CharacterCounts(Trie, _json, JsonRules.StringContent);
        foreach (GrammarNode node in JsonRules.Nodes)
        {
            if (node.Edges.Count > 0 || node.Calls.Count > 0) Mask(new NodeSet([(node, 0)]));
        }
    }

    /// <summary>Number of token ids, as many as a mask has bits.</summary>
    public int Size => Trie.Size;

    /// <summary>The number of words of a mask.</summary>
    public int MaskWords => (Size + 63) / 64;

    internal TokenTrie Trie { get; }

    internal ReadOnlySpan<int> EndOfGeneration => _endOfGeneration;

    internal CharacterCounts Characters { get; }

    /// <summary>Takes in the vocabulary of a tokenizer; about a second for 128,000 tokens.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    public static GrammarVocabulary Create(Tokenizer tokenizer) =>
        new(TokenTrie.Of(tokenizer), tokenizer.EndOfGeneration, text => tokenizer.Encode(text, parseSpecial: false));

    /// <summary>The tokens that the tokenizer makes of a text, or null where it adds anything to it.</summary>
    internal IReadOnlyList<int>? Encode(string text) => _encode?.Invoke(text);

    /// <summary>What nodes allow that all grammars share.</summary>
    internal NodeMask Mask(NodeSet shared)
    {
        if (_masks.TryGetValue(shared, out NodeMask? known)) return known;
        lock (_lock)
        {
            _json.BeginWork();
            return _masks.GetOrAdd(shared, _walker.Explore(shared.Nodes, isShared: true));
        }
    }
}
