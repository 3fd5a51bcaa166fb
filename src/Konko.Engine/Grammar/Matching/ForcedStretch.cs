using System.Text;
using System.Text.Unicode;
using Konko.Engine.Grammar.Automaton;

namespace Konko.Engine.Grammar.Matching;

/// <summary>Finds what a grammar leaves no choice about.</summary>
internal static class ForcedStretch
{
    private const int MostBytes = 512;

    /// <summary>The tokens of the stretch of bytes that must follow a state.</summary>
    public static int[] Find(PushdownAutomaton automaton, StateSet state, GrammarVocabulary vocabulary)
    {
        var bytes = new List<byte>();
        while (bytes.Count < MostBytes && !state.IsAccepting && OnlyByte(automaton.Steps(state)) is { } value)
        {
            bytes.Add(value);
            state = automaton.Step(state, value);
        }

        byte[] stretch = [.. bytes];
        // Half a character at its end is no text that a tokenizer could be asked about.
        while (stretch.Length > 0 && !Utf8.IsValid(stretch)) stretch = stretch[..^1];
        return stretch.Length < 2 || vocabulary.Encode(Encoding.UTF8.GetString(stretch)) is not { } tokens ? [] : Certain(tokens, stretch, vocabulary.Trie);
    }

    /// <summary>
    /// Leaves away what the text after the stretch may change: the last token, and those before it whose bytes some longer
    /// token shares across the end.
    /// </summary>
    private static int[] Certain(IReadOnlyList<int> tokens, ReadOnlySpan<byte> stretch, TokenTrie trie)
    {
        int at = 0, certain = 0;
        foreach (int token in tokens)
        {
            ReadOnlySpan<byte> bytes = trie.Bytes(token);
            // A blank that the tokenizer put before the text, or a piece that it dropped: these are not the stretch's tokens.
            if (bytes.IsEmpty || !stretch[at..].StartsWith(bytes)) return [];
            if (at + bytes.Length == stretch.Length || CrossesEnd(stretch[at..], trie)) break;
            at += bytes.Length;
            certain++;
        }

        return [.. tokens.Take(certain)];
    }

    /// <summary>Whether a token begins with all the rest and is longer.</summary>
    private static bool CrossesEnd(ReadOnlySpan<byte> rest, TokenTrie trie)
    {
        int node = 0;
        foreach (byte value in rest)
        {
            int child = node + 1, end = trie.End[node];
            while (child < end && trie.Labels[child] != value) child = trie.End[child];
            if (child >= end) return false;
            node = child;
        }

        return trie.End[node] > node + 1;
    }

    private static byte? OnlyByte((ByteEdge Edge, StackSet Stack)[] steps)
    {
        if (steps.Length == 0) return null;
        byte value = steps[0].Edge.Low;
        foreach ((ByteEdge edge, _) in steps)
        {
            if (edge.Low != value || edge.High != value) return null;
        }

        return value;
    }
}
