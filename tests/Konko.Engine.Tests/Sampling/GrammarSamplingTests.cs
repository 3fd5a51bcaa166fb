using Konko.Engine.Grammar;
using Konko.Engine.Sampling;
using Konko.Engine.Tests.Grammar.Matching;

namespace Konko.Engine.Tests.Sampling;

public sealed class GrammarSamplingTests
{
    private static readonly int s_size = SmallVocabulary.Tokens.Length;

    /// <summary>Whatever the free draw is, where the grammar allows it, it is the draw, to the bit.</summary>
    [Theory]
    [InlineData(0f)]
    [InlineData(0.7f)]
    [InlineData(1.5f)]
    public void Sample_GrammarThatAllowsTheDraw_ChangesNoBit(float temperature)
    {
        var random = new Random(6);
        GrammarState start = new TokenGrammar(CompiledGrammar.OfRegex("[a-z ]+"), SmallVocabulary.Instance).Start;
        var parameters = new SamplingParameters { Temperature = temperature, TopP = 0.95f, Seed = 11, RepetitionPenalty = 1.2f, TopLogProbs = 2 };
        int kept = 0;
        for (int i = 0; i < 300; i++)
        {
            float[] row = SampleLogits.Row("peaked", s_size, random);
            var free = new TokenSampler(parameters, 0, [1], [SmallVocabulary.EndOfText], s_size);
            var bound = new TokenSampler(parameters, 0, [1], [SmallVocabulary.EndOfText], s_size, start);
            SampledToken expected = free.Sample(row, i), drawn = bound.Sample(row, i);
            Assert.NotNull(start.Accept(drawn.Id));
            if (start.Accept(expected.Id) is null) continue;
            kept++;
            Assert.Equal(expected.Id, drawn.Id);
            Assert.Equal(BitConverter.SingleToInt32Bits(expected.LogProb), BitConverter.SingleToInt32Bits(drawn.LogProb));
        }

        Assert.InRange(kept, 10, 299);
    }

    /// <summary>Each allowed token keeps its share among the allowed ones.</summary>
    [Fact]
    public void Sample_UnderAGrammar_KeepsTheShares()
    {
        float[] row = new float[s_size];
        Array.Fill(row, -1f);
        (row['a'], row['b'], row['c'], row['x']) = (1f, 0f, 2f, 5f);
        GrammarState start = new TokenGrammar(CompiledGrammar.OfChoices(["a", "b"]), SmallVocabulary.Instance).Start;
        var sampler = new TokenSampler(new SamplingParameters { Seed = 3 }, 0, [1], [SmallVocabulary.EndOfText], s_size, start);
        int[] counts = new int[s_size];
        for (int i = 0; i < 20_000; i++) counts[sampler.Sample(row, i).Id]++;
        Assert.Equal(20_000, counts['a'] + counts['b']);
        Assert.InRange(counts['a'] / (double)counts['b'], 2.5, 2.95);
    }

    [Fact]
    public void Rollback_UnderAGrammar_GoesBack()
    {
        GrammarState start = new TokenGrammar(CompiledGrammar.OfRegex("a(bc|de)"), SmallVocabulary.Instance).Start;
        float[] row = SampleLogits.Row("flat", s_size, new Random(7));
        var sampler = new TokenSampler(new SamplingParameters { Seed = 5 }, 0, [1], [SmallVocabulary.EndOfText], s_size, start);
        sampler.Accept('a');
        TokenSampler other = sampler.Clone();
        sampler.Accept('b');
        sampler.Accept('c');
        Assert.Equal(SmallVocabulary.EndOfText, sampler.Sample(row, 3).Id);
        other.Accept('d');
        Assert.Equal('e', other.Sample(row, 2).Id);
        sampler.Rollback(2);
        sampler.Accept('d');
        Assert.Equal('e', sampler.Sample(row, 2).Id);
        Assert.Throws<InvalidOperationException>(() => sampler.Accept('x'));
    }
}
