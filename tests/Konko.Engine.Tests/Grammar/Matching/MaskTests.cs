using System.Text;
using Konko.Engine.Grammar;
using Konko.Engine.Tests.Grammar.Schema;

namespace Konko.Engine.Tests.Grammar.Matching;

public sealed class MaskTests
{
    /// <summary>Every mask is what trying each token gives, wherever the walk leads.</summary>
    [Fact]
    public void WriteMask_RandomGrammars_AllowsWhatIsAccepted()
    {
        var random = new Random(3);
        ulong[] mask = new ulong[SmallVocabulary.Instance.MaskWords + 1];
        for (int i = 0; i < 150; i++)
        {
            CompiledGrammar compiled = (i % 5) switch
            {
                0 => CompiledGrammar.OfGbnf("root ::= (word [ ,]*)+ \"\\n\"\nword ::= [a-z]+ | [0-9]{1,70} | \"\\\"\" [^\"]{0,90} \"\\\"\""),
                1 => CompiledGrammar.OfRegex("(the|cat|dogs| and|[^b]{2,5}b?)*"),
                _ => GrammarText.Schema(RandomSchema.Make(random, 3).Json),
            };
            var grammar = new TokenGrammar(compiled, SmallVocabulary.Instance);
            GrammarState state = grammar.Start;
            for (int step = 0; step < 25; step++)
            {
                state.WriteMask(mask);
                var allowed = new List<int>();
                for (int token = 0; token < grammar.Vocabulary.Size; token++)
                {
                    bool isAllowed = (mask[token >> 6] >> (token & 63) & 1) != 0;
                    Assert.Equal(state.Accept(token) is not null, isAllowed);
                    if (isAllowed) allowed.Add(token);
                }

                Assert.Equal(0ul, mask[^1]);
                Assert.Equal(state.IsAccepting, allowed.Contains(SmallVocabulary.EndOfText));
                Assert.DoesNotContain(SmallVocabulary.Control, allowed);
                Assert.NotEmpty(allowed);
                state = state.Accept(allowed[random.Next(allowed.Count)])!;
            }
        }
    }

    [Fact]
    public void Accept_StateUsedTwice_GoesBothWays()
    {
        GrammarState start = new TokenGrammar(CompiledGrammar.OfRegex("a(b|c)d"), SmallVocabulary.Instance).Start;
        GrammarState fork = start.Accept('a')!;
        Assert.True(fork.Accept('b')!.Accept('d')!.IsFinished);
        Assert.True(fork.Accept('c')!.Accept('d')!.IsFinished);
        Assert.Null(fork.Accept('d'));
        Assert.Null(fork.Accept(SmallVocabulary.EndOfText));
        Assert.Null(fork.Accept(SmallVocabulary.Control));
        Assert.Equal(2, fork.Distance);
    }

    [Fact]
    public void Accept_HalvesOfCharacters_AreFollowed()
    {
        GrammarState state = new TokenGrammar(GrammarText.Schema("""{"type":"string","maxLength":1}"""), SmallVocabulary.Instance).Start;
        foreach (byte value in Encoding.UTF8.GetBytes("\"😀"))
        {
            state = state.Accept(value)!;
            Assert.False(state.IsAccepting);
        }

        Assert.Null(state.Accept('a'));
        Assert.True(state.Accept('"')!.IsFinished);
    }

    [Fact]
    public void WriteMask_ThousandsOfNestings_StaysRight()
    {
        GrammarState state = new TokenGrammar(CompiledGrammar.JsonObject, SmallVocabulary.Instance).Start;
        state = state.Accept("{\"a\":"u8)!;
        for (int i = 0; i < 5000; i++) state = state.Accept("["u8)!;
        ulong[] mask = new ulong[SmallVocabulary.Instance.MaskWords];
        state.WriteMask(mask);
        Assert.Equal(5001, state.Accept("1"u8)!.Distance);
        for (int i = 0; i < 5000; i++) state = state.Accept("]"u8)!;
        Assert.True(state.Accept("}"u8)!.IsFinished);
    }

    [Fact]
    public void WriteMask_AmbiguousGrammar_EndsInTime()
    {
        var grammar = new TokenGrammar(CompiledGrammar.OfGbnf("root ::= a{0,500} b{0,500}\na ::= \"x\"{1,400} | \"xx\" a\nb ::= a a a | \"x\" b b b | \"x\""), SmallVocabulary.Instance);
        GrammarState? state = grammar.Start;
        ulong[] mask = new ulong[SmallVocabulary.Instance.MaskWords];
        try
        {
            for (int i = 0; i < 200 && state is not null; i++)
            {
                state.WriteMask(mask);
                state = state.Accept('x');
            }
        }
        catch (GrammarException refusal)
        {
            Assert.Equal(GrammarError.TooLarge, refusal.Error);
        }
    }

    [Fact]
    public void ForcedTokens_OneWayOnly_AreTheTokenizersOwn()
    {
        GrammarVocabulary vocabulary = new(SmallVocabulary.Tokens, [SmallVocabulary.EndOfText], text => Greedy(text));
        var grammar = new TokenGrammar(GrammarText.Schema("""{"type":"object","properties":{"name":{"enum":["true","truth"]}},"required":["name"],"additionalProperties":false}"""), vocabulary);
        var bytes = new List<byte>();
        foreach (int token in grammar.Start.ForcedTokens) bytes.AddRange(SmallVocabulary.Tokens[token]);
        // The last of them may go on with a blank or a quote, so that it is left to the model.
        Assert.Equal("{\"name", Encoding.UTF8.GetString([.. bytes]));
        Assert.True(new TokenGrammar(CompiledGrammar.OfRegex("[ab]cdef"), vocabulary).Start.ForcedTokens.IsEmpty);
    }

    private static List<int> Greedy(string text)
    {
        var tokens = new List<int>();
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int at = 0; at < bytes.Length; at += SmallVocabulary.Tokens[tokens[^1]].Length)
            tokens.Add(Enumerable.Range(0, SmallVocabulary.Tokens.Length).Where(token => SmallVocabulary.Tokens[token].Length > 0 && bytes.AsSpan(at).StartsWith(SmallVocabulary.Tokens[token])).MaxBy(token => SmallVocabulary.Tokens[token].Length));
        return tokens;
    }
}
