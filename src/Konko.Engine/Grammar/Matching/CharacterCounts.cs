using Konko.Engine.Grammar.Automaton;

namespace Konko.Engine.Grammar.Matching;

/// <summary>
/// How many characters of a JSON string each token has: so the mask of a string of limited length comes from one walk
/// over the vocabulary for all limits and all lengths so far.
/// </summary>
internal sealed class CharacterCounts
{
    private readonly int[][] _tokensByNeed;
    private readonly ulong[]?[] _atMost;
    private readonly int _words;
    private readonly (int[] Tokens, ExitTree? Rests)[] _endings;

    /// <param name="trie">The vocabulary.</param>
    /// <param name="automaton">An automaton of JSON.</param>
    /// <param name="content">The node within a string of JSON, after whole characters.</param>
    public CharacterCounts(TokenTrie trie, PushdownAutomaton automaton, GrammarNode content)
    {
        var needs = new List<List<int>>();
        var endings = new List<(List<int> Tokens, List<int> Exits)>();
        var states = new StateSet[trie.LongestToken + 1];
        int[] counts = new int[trie.LongestToken + 1];
        StateSet boundary = states[0] = automaton.Enter(content, automaton.Hole);
        for (int node = 1; node < trie.Labels.Length;)
        {
            int depth = trie.Depths[node];
            StateSet next = automaton.Step(states[depth - 1], trie.Labels[node]);
            int count = counts[depth - 1];
            if (next.IsExited)
            {
                while (endings.Count <= count) endings.Add(([], []));
                endings[count].Tokens.AddRange(trie.TokensAt(node));
                endings[count].Exits.Add(node);
            }

            if (next.Places.Length == 0)
            {
                node = trie.End[node];
                continue;
            }

            bool whole = ReferenceEquals(next, boundary);
            states[depth] = next;
            counts[depth] = whole ? count + 1 : count;
            int need = count + 1;
            while (needs.Count <= need) needs.Add([]);
            needs[need].AddRange(trie.TokensAt(node));
            node++;
        }

        _words = (trie.Size + 63) / 64;
        _tokensByNeed = [.. needs.Select(list => list.ToArray())];
        _atMost = new ulong[]?[_tokensByNeed.Length];
        _endings = [.. endings.Select(ending => (ending.Tokens.ToArray(), ExitTree.Create(trie, ending.Exits)))];
    }

    /// <summary>The most characters that a token has.</summary>
    public int Most => Math.Max(_tokensByNeed.Length, _endings.Length) - 1;

    /// <summary>The tokens that stay within the string and need at most so many characters.</summary>
    public ulong[] AtMost(int characters)
    {
        characters = Math.Min(characters, _tokensByNeed.Length - 1);
        if (characters < 0) return new ulong[_words];
        if (_atMost[characters] is { } known) return known;
        var bits = new ulong[_words];
        for (int need = 0; need <= characters; need++)
        {
            foreach (int token in _tokensByNeed[need]) bits[token >> 6] |= 1UL << (token & 63);
        }

        // Two threads make the same set.
        return _atMost[characters] = bits;
    }

    /// <summary>Adds the tokens that end the string after a number of characters.</summary>
    /// <param name="fewest">The fewest characters before the quote.</param>
    /// <param name="most">The most.</param>
    /// <param name="walker">Follows what comes after the quote.</param>
    /// <param name="after">The state after the quote.</param>
    /// <param name="found">Takes the tokens.</param>
    public void CollectEndings(int fewest, int most, TrieWalker walker, StateSet after, List<int> found)
    {
        for (int count = Math.Max(fewest, 0); count <= most && count < _endings.Length; count++)
        {
            found.AddRange(_endings[count].Tokens);
            _endings[count].Rests?.Collect(walker, after, found);
        }
    }
}
