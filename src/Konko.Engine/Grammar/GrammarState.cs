using Konko.Engine.Grammar.Automaton;

namespace Konko.Engine.Grammar;

/// <summary>
/// Where a text stands in a grammar. Immutable: to go back, keep the state; to go two ways, use it twice.
/// </summary>
public sealed class GrammarState
{
    private readonly TokenGrammar _grammar;
    private readonly StateSet _state;

    internal GrammarState(TokenGrammar grammar, StateSet state)
    {
        _grammar = grammar;
        _state = state;
    }

    /// <summary>The text so far satisfies the grammar: it may end here.</summary>
    public bool IsAccepting => _state.IsAccepting;

    /// <summary>The text satisfies the grammar and nothing can follow.</summary>
    public bool IsFinished => _state.IsAccepting && _state.Places.Length == 0;

    /// <summary>Number of token ids that a mask speaks of.</summary>
    public int VocabularySize => _grammar.Vocabulary.Size;

    /// <summary>Fewest bytes that complete the text.</summary>
    public int Distance => _state.Distance;

    /// <summary>The state after a token.</summary>
    /// <param name="token">The token; an end-of-generation token changes nothing.</param>
    /// <returns>Null where the token may not follow.</returns>
    /// <exception cref="GrammarException">The grammar is too ambiguous to be followed.</exception>
    public GrammarState? Accept(int token)
    {
        if (_grammar.Vocabulary.EndOfGeneration.Contains(token)) return IsAccepting ? this : null;
        ReadOnlySpan<byte> bytes = _grammar.Vocabulary.Trie.Bytes(token);
        return bytes.IsEmpty ? null : Accept(bytes);
    }

    /// <summary>The state after bytes.</summary>
    /// <param name="bytes">Any bytes, whole characters or not.</param>
    /// <returns>Null where they may not follow.</returns>
    /// <exception cref="GrammarException">The grammar is too ambiguous to be followed.</exception>
    public GrammarState? Accept(ReadOnlySpan<byte> bytes) =>
        _grammar.Accept(_state, bytes) is not { } next ? null : ReferenceEquals(next, _state) ? this : new GrammarState(_grammar, next);

    /// <summary>Writes which tokens may follow.</summary>
    /// <param name="mask">Takes a bit for each token, token i in bit i mod 64 of word i / 64; further bits are cleared.</param>
    /// <exception cref="GrammarException">The grammar is too ambiguous to be followed.</exception>
    public void WriteMask(Span<ulong> mask) => _grammar.WriteMask(_state, mask);

    /// <summary>
    /// The tokens that follow whatever the model says, because the grammar leaves one way only: the tokenizer's own tokens
    /// of that stretch, without its last ones, which may grow together with what comes after. A function of the state alone.
    /// </summary>
    /// <exception cref="GrammarException">The grammar is too ambiguous to be followed.</exception>
    public ReadOnlySpan<int> ForcedTokens => _grammar.Forced(_state);
}
