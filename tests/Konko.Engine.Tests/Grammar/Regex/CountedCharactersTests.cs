using System.Text.RegularExpressions;
using Konko.Engine.Grammar;
using Konko.Engine.Grammar.Automaton;
using Konko.Engine.Tests.Grammar.Matching;

namespace Konko.Engine.Tests.Grammar.Regex;

/// <summary>Characters with long counts, which are counted on the stack instead of being written out.</summary>
public sealed class CountedCharactersTests
{
    [Theory]
    [InlineData("[^<>]{0,150}x?", "a<x日")]
    [InlineData("[a-f]{140,160}(;[a-f]{3,})*", "abf;")]
    [InlineData("[a-f]{150}g|[a-f]{150}h", "afgh")]
    [InlineData("(ab|c[^\\n]{1,200}\\n)+", "abc\n日")]
    [InlineData("x[^y]{130,}y[^y]{2}", "xyz")]
    [InlineData("a{0,140}b{0,140}", "ab")]
    public void OfRegex_LongCounts_AcceptsWhatTheExpressionMatches(string expression, string letters)
    {
        PushdownAutomaton automaton = GrammarText.Automaton(CompiledGrammar.OfRegex(expression));
        var expected = new System.Text.RegularExpressions.Regex($"^(?:{expression})\\z", RegexOptions.CultureInvariant | RegexOptions.ECMAScript);
        var random = new Random(expression.Length);
        int matched = 0;
        for (int round = 0; round < 300; round++)
        {
            int length = random.Next(3) == 0 ? random.Next(8) : 125 + random.Next(80);
            char common = letters[random.Next(letters.Length)];
            string text = string.Concat(Enumerable.Range(0, length).Select(_ => random.Next(40) == 0 ? letters[random.Next(letters.Length)] : common));
            if (round == 0) text = new string(letters[0], 150) + letters[^2];
            else if (round == 1) text = new string(letters[0], 150) + letters[1] + letters[0] + letters[0];
            else if (random.Next(2) == 0) text = letters[0] + text + letters[^1] + (random.Next(2) == 0 ? "\n" : "");
            bool matches = expected.IsMatch(text);
            matched += matches ? 1 : 0;
            Assert.Equal(matches, Accepts(automaton, text));
        }

        Assert.True(matched > 0);
    }

    [Theory]
    [InlineData("""{"type":"string","pattern":"^[^<>]*$","maxLength":300}""")]
    [InlineData("""{"type":"string","pattern":"^[a-z ]{2,400}!$"}""")]
    [InlineData("""{"type":"array","items":{"type":"boolean"},"minItems":3,"maxItems":200}""")]
    public void WriteMask_AnyCount_IsWhatTokensAreAccepted(string schema)
    {
        GrammarVocabulary vocabulary = SmallVocabulary.Instance;
        GrammarState state = new TokenGrammar(GrammarText.Schema(schema), vocabulary).Start;
        var random = new Random(schema.Length);
        var mask = new ulong[vocabulary.MaskWords];
        for (int step = 0; step < 500 && !state.IsFinished; step++)
        {
            state.WriteMask(mask);
            var allowed = new List<int>();
            for (int token = 0; token < vocabulary.Size; token++)
            {
                bool isAllowed = (mask[token >> 6] >> (token & 63) & 1) != 0;
                Assert.Equal(state.Accept(token) is not null, isAllowed);
                if (isAllowed) allowed.Add(token);
            }

            // Such as end it come late.
            int[] staying = [.. allowed.Where(token => state.Accept(token)!.Distance >= state.Distance || state.Distance > 3)];
            state = state.Accept(staying.Length > 0 ? staying[random.Next(staying.Length)] : allowed[random.Next(allowed.Count)])!;
        }
    }

    private static bool Accepts(PushdownAutomaton automaton, string text)
    {
        automaton.BeginWork();
        StateSet state = automaton.Start;
        foreach (byte value in System.Text.Encoding.UTF8.GetBytes(text)) state = automaton.Step(state, value);
        return state.IsAccepting;
    }
}
