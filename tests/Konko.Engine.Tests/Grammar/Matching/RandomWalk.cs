using System.Text;
using Konko.Engine.Grammar;

namespace Konko.Engine.Tests.Grammar.Matching;

/// <summary>Goes through a grammar by its masks.</summary>
internal static class RandomWalk
{
    /// <summary>The text of allowed tokens: at random for some, then by the shortest way to the end.</summary>
    public static string Take(TokenGrammar grammar, Random random, int tokens)
    {
        var bytes = new List<byte>();
        ulong[] mask = new ulong[grammar.Vocabulary.MaskWords];
        GrammarState state = grammar.Start;
        while (true)
        {
            state.WriteMask(mask);
            int token = tokens-- > 0 ? Any(mask, grammar.Vocabulary.Size, random) : Shortest(mask, state);
            Assert.True((mask[token >> 6] >> (token & 63) & 1) != 0, "The shortest way is not in the mask.");
            if (token == SmallVocabulary.EndOfText) return Encoding.UTF8.GetString([.. bytes]);
            bytes.AddRange(SmallVocabulary.Tokens[token]);
            GrammarState? next = state.Accept(token);
            Assert.NotNull(next);
            state = next;
        }
    }

    private static int Any(ulong[] mask, int size, Random random)
    {
        int[] allowed = [.. Enumerable.Range(0, size).Where(token => (mask[token >> 6] >> (token & 63) & 1) != 0)];
        Assert.NotEmpty(allowed);
        return allowed[random.Next(allowed.Length)];
    }

    private static int Shortest(ulong[] mask, GrammarState state)
    {
        if (state.IsAccepting) return SmallVocabulary.EndOfText;
        int best = -1, distance = int.MaxValue;
        for (int token = 0; token < 256; token++)
        {
            if ((mask[token >> 6] >> (token & 63) & 1) == 0 || state.Accept(token) is not { } next || next.Distance >= distance) continue;
            (best, distance) = (token, next.Distance);
        }

        Assert.True(best >= 0 && distance < state.Distance, "There is no way to the end.");
        return best;
    }
}
