using System.Globalization;
using System.Text;
using Konko.Engine.Sampling;

namespace Konko.Engine.Tests.Sampling;

public sealed class TokenSamplerTests
{
    private static readonly SamplingParameters Greedy = new() { Temperature = 0f };

    [Theory]
    [InlineData(0f)]
    [InlineData(9e-6f)]
    public void Sample_Greedy_TakesTheLowestOfTheBestIds(float temperature)
    {
        foreach (int size in (int[])[5, 16, 40, 1000])
        {
            float[] logits = new float[size];
            logits[2] = logits[4] = logits[^1] = 1f;
            SampledToken token = Sampler(new SamplingParameters { Temperature = temperature }, size).Sample(logits, 0);
            Assert.Equal(2, token.Id);
            Assert.Equal(0u, BitConverter.SingleToUInt32Bits(token.LogProb));
            Assert.Null(token.LogProbs);
        }
    }

    [Fact]
    public void Sample_ManyPositions_FollowsTheDistribution()
    {
        float[] logits = SampleLogits.Row("peaked", 60, new Random(3));
        var parameters = new SamplingParameters { Temperature = 1.4f, TopP = 0.98f, Seed = 42 };
        SortedDictionary<int, long> distribution = ReferenceSampler.Distribution(parameters, logits);
        AssertFollows(distribution, 200_000, i => Sampler(parameters, 60).Sample(logits, i).Id);
        AssertFollows(distribution, 50_000, i => Sampler(parameters with { Seed = i * 7919L }, 60).Sample(logits, 5).Id);
        AssertFollows(distribution, 50_000, i => Sampler(parameters, 60, choice: i).Sample(logits, 5).Id);
    }

    [Fact]
    public void Sample_SamePlace_GivesTheSameToken()
    {
        float[] logits = SampleLogits.Row("flat", 1000, new Random(3));
        var parameters = new SamplingParameters { Seed = -5 };
        int[] tokens = [.. Enumerable.Range(0, 50).Select(i => Sampler(parameters, 1000).Sample(logits, i).Id)];
        TokenSampler other = Sampler(parameters, 1000);
        Assert.Equal(tokens.Reverse(), Enumerable.Range(0, 50).Reverse().Select(i => other.Sample(logits, i).Id));
        Assert.NotEqual(tokens, Enumerable.Range(0, 50).Select(i => Sampler(parameters with { Seed = -6 }, 1000).Sample(logits, i).Id));
        Assert.NotEqual(tokens, Enumerable.Range(0, 50).Select(i => Sampler(parameters, 1000, choice: 1).Sample(logits, i).Id));
    }

    [Fact]
    public void Sample_LogProb_IsOfTheDistributionDrawnFrom()
    {
        float[] logits = [0f, 1f, 2f, -1f];
        var parameters = new SamplingParameters { Temperature = 0.5f, TopK = 2, TopLogProbs = 1 };
        for (int position = 0; position < 50; position++)
        {
            SampledToken token = Sampler(parameters, 4).Sample(logits, position);
            double gap = token.Id == 2 ? -2 : 2;
            Assert.Equal(-Math.Log(1 + Math.Exp(gap)), token.LogProb, 1e-6);
            double sum = logits.Sum(x => Math.Exp(x));
            Assert.Equal(new TokenLogProb(token.Id, token.LogProbs!.Token.LogProb), token.LogProbs.Token);
            Assert.Equal(logits[token.Id] - Math.Log(sum), token.LogProbs.Token.LogProb, 1e-6);
            Assert.Equal(2, Assert.Single(token.LogProbs.Top).Id);
        }
    }

    [Fact]
    public void Sample_OneTokenLeft_LogProbIsPlusZero()
    {
        SampledToken token = Sampler(new SamplingParameters { TopK = 1 }, 3).Sample([1f, 3f, 3f], 0);
        Assert.Equal((1, 0u), (token.Id, BitConverter.SingleToUInt32Bits(token.LogProb)));
    }

    [Fact]
    public void Sample_LogitBias_IsAddedBeforeTheBestIsTaken()
    {
        var parameters = Greedy with { LogitBias = new Dictionary<int, float> { [3] = 100f, [1] = -100f }, TopLogProbs = 0 };
        SampledToken token = Sampler(parameters, 4).Sample([0f, 50f, 10f, -60f], 0);
        Assert.Equal(3, token.Id);
        Assert.Equal(-110f, token.LogProbs!.Token.LogProb);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void New_LogitBiasOutsideTheVocabulary_Throws(int id)
    {
        var parameters = new SamplingParameters { LogitBias = new Dictionary<int, float> { [id] = 1f } };
        Assert.Contains("logit_bias", Assert.Throws<ArgumentOutOfRangeException>(() => Sampler(parameters, 4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_RepetitionPenalty_DividesPositiveAndMultipliesNegativeLogits()
    {
        var parameters = new SamplingParameters { RepetitionPenalty = 2f };
        var sampler = new TokenSampler(parameters, 0, [0, 0, 1], [], 6);
        sampler.Accept(2);
        sampler.Accept(3);
        sampler.Accept(0);
        AssertWeights([1f, -2f, 1.5f, -1f, 2f, -1f], sampler, [2f, -1f, 3f, -0.5f, 2f, -1f]);
    }

    [Fact]
    public void Sample_FrequencyAndPresencePenalty_CountTheTextOnly()
    {
        var parameters = new SamplingParameters { FrequencyPenalty = 0.25f, PresencePenalty = 1f };
        var sampler = new TokenSampler(parameters, 0, [3, 3], [], 4);
        sampler.Accept(1);
        sampler.Accept(2);
        sampler.Accept(1);
        AssertWeights([0f, -1.5f, -1.25f, 0f], sampler, [0f, 0f, 0f, 0f]);
    }

    [Fact]
    public void Sample_AllPenalties_ApplyAsVllmOrdersThem()
    {
        var parameters = new SamplingParameters
        {
            RepetitionPenalty = 2f,
            FrequencyPenalty = 0.5f,
            PresencePenalty = -1f,
            LogitBias = new Dictionary<int, float> { [0] = 4f },
        };
        var sampler = new TokenSampler(parameters, 0, [], [], 2);
        sampler.Accept(0);
        sampler.Accept(0);
        AssertWeights([(2f + 4f) / 2f - 0.5f * 2 + 1f, 1f], sampler, [2f, 1f]);
    }

    [Fact]
    public void Sample_MinTokens_HoldsEndTokensBack()
    {
        var sampler = new TokenSampler(Greedy with { MinTokens = 2, IgnoreEos = true }, 0, [], [1, 2], 4);
        float[] logits = [0f, 9f, 8f, 1f];
        Assert.Equal(3, sampler.Sample(logits, 0).Id);
        sampler.Accept(3);
        Assert.Equal(3, sampler.Sample(logits, 1).Id);
        sampler.Accept(3);
        Assert.Equal(1, sampler.Sample(logits, 2).Id);
    }

    [Fact]
    public void Sample_OnlyEndTokensAllowed_GoBeforeMinTokens()
    {
        var sampler = new TokenSampler(Greedy with { MinTokens = 2 }, 0, [], [1, 2], 4);
        Assert.Equal(2, sampler.Sample([0f, 8f, 9f, 1f], 0, [0b0110]).Id);
    }

    [Fact]
    public void Sample_AllowedMask_AllowsNothingElse()
    {
        var random = new Random(8);
        foreach (int size in (int[])[3, 16, 64, 65, 100, 1000])
        {
            float[] logits = SampleLogits.Row("flat", size, random);
            bool[] allowed = [.. Enumerable.Range(0, size).Select(i => i == size - 1 || random.Next(4) == 0)];
            ulong[] mask = new ulong[(size + 63) / 64];
            for (int i = 0; i < size; i++) mask[i / 64] |= allowed[i] ? 1ul << (i % 64) : 0;
            float[] masked = [.. logits.Select((x, i) => allowed[i] ? x : float.NegativeInfinity)];

            Assert.Equal(Sampler(Greedy, size).Sample(masked, 0), Sampler(Greedy, size).Sample(logits, 0, mask));
            for (int position = 0; position < 20; position++)
                Assert.Equal(Sampler(new(), size).Sample(masked, position), Sampler(new(), size).Sample(logits, position, mask));
        }
    }

    [Fact]
    public void Rollback_AcceptedTokens_AreForgotten()
    {
        var parameters = new SamplingParameters { RepetitionPenalty = 1.3f, FrequencyPenalty = 0.4f, PresencePenalty = 0.2f, MinTokens = 3 };
        var sampler = new TokenSampler(parameters, 0, [1, 2], [5], 40);
        sampler.Accept(7);
        sampler.Accept(2);
        TokenSampler clone = sampler.Clone();
        foreach (int id in (int[])[7, 8, 2, 9]) sampler.Accept(id);
        Assert.Equal((6, 2), (sampler.Accepted, clone.Accepted));
        float[] logits = SampleLogits.Row("flat", 40, new Random(1));
        Assert.NotEqual(Weights(clone, logits), Weights(sampler, logits));
        sampler.Rollback(4);
        Assert.Equal(2, sampler.Accepted);
        Assert.Equal(Weights(clone, logits), Weights(sampler, logits));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Rollback(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Rollback(-1));
    }

    [Fact]
    public void Sample_ExtremeLogits_StaysFinite()
    {
        foreach (float temperature in (float[])[0f, 1e-5f, 1f, 2f])
        {
            foreach (float topP in (float[])[1e-30f, 0.5f, 1f])
            {
                var parameters = new SamplingParameters { Temperature = temperature, TopP = topP, TypicalP = 0.9f, TopLogProbs = 3 };
                foreach (float[] logits in (float[][])
                    [[1e30f, -1e30f, 1e29f], [float.MaxValue, float.MinValue, float.MinValue], [float.NegativeInfinity, float.NegativeInfinity, -3e38f]])
                {
                    SampledToken token = Sampler(parameters, 3).Sample(logits, 0);
                    Assert.Equal(Array.IndexOf(logits, logits.Max()), token.Id);
                    Assert.Equal(0f, token.LogProb);
                    Assert.All(token.LogProbs!.Top, t => Assert.InRange(t.LogProb, -9999f, 0f));
                }
            }
        }
    }

    [Fact]
    public void Sample_TinyRepetitionPenalty_DoesNotOverflow()
    {
        var sampler = new TokenSampler(new SamplingParameters { RepetitionPenalty = 1e-3f }, 0, [0], [], 2);
        Assert.Equal(0, sampler.Sample([3e38f, 3e38f], 0).Id);
    }

    [Fact]
    public void Sample_NoFiniteLogits_Throws()
    {
        float[] none = [float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity];
        foreach (SamplingParameters parameters in (SamplingParameters[])[Greedy, new()])
        {
            Assert.Equal("The model produced no finite logits.", Assert.Throws<NonFiniteLogitsException>(() => Sampler(parameters, 3).Sample(none, 0)).Message);
            Assert.Throws<NonFiniteLogitsException>(() => Sampler(parameters, 3).Sample([0f, float.NaN, 1f], 0));
            Assert.Throws<NonFiniteLogitsException>(() => Sampler(parameters, 3).Sample([0f, float.PositiveInfinity, 1f], 0));
            Assert.Throws<NonFiniteLogitsException>(() => Sampler(parameters, 3).Sample([0f, float.NegativeInfinity, 1f], 0, [0b010]));
        }
    }

    [Fact]
    public void Sample_RowOfAnotherLength_Throws()
        => Assert.Throws<ArgumentOutOfRangeException>(() => Sampler(new(), 3).Sample([1f, 2f], 0));

    [Fact]
    public void Sample_WithoutLogProbs_AllocatesNothing()
    {
        float[] logits = SampleLogits.Row("peaked", 5000, new Random(1));
        var parameters = new SamplingParameters { TopK = 100, TopP = 0.9f, MinP = 0.01f, TypicalP = 0.9f, FrequencyPenalty = 1f, RepetitionPenalty = 1.1f };
        var sampler = new TokenSampler(parameters, 0, [1, 2, 3], [4], 5000);
        sampler.Accept(9);
        sampler.Sample(logits, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int position = 1; position < 10; position++) sampler.Sample(logits, position);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [MemberData(nameof(ChildProcess.InstructionSetSwitches), MemberType = typeof(ChildProcess))]
    public void Transcript_InstructionSetOff_IsTheSame(string name)
        => Assert.Equal(Transcript(), ChildProcess.RunWithout(Transcript, name));

    /// <summary>Ids and the bits of log-probabilities of draws over every kind of row and random parameters.</summary>
    public static string Transcript()
    {
        var random = new Random(99);
        var transcript = new StringBuilder();
        foreach (string kind in SampleLogits.Kinds)
        {
            for (int round = 0; round < 12; round++)
            {
                int size = round % 4 == 0 ? 1500 + random.Next(3000) : 1 + random.Next(300);
                float[] logits = SampleLogits.Row(kind, size, random);
                SamplingParameters parameters = CandidateSetTests.RandomParameters(random, size) with
                {
                    Seed = random.NextInt64(),
                    RepetitionPenalty = random.Next(2) == 0 ? 1f : 1.2f,
                    FrequencyPenalty = random.NextSingle(),
                    TopLogProbs = 3,
                };
                var sampler = new TokenSampler(parameters, round, [0, size / 2], [size - 1], size);
                for (int position = 0; position < 5; position++)
                {
                    SampledToken token = sampler.Sample(logits, position);
                    sampler.Accept(token.Id);
                    transcript.Append(CultureInfo.InvariantCulture, $"{token.Id}:{BitConverter.SingleToInt32Bits(token.LogProb):x}");
                    foreach (TokenLogProb t in token.LogProbs!.Top.Prepend(token.LogProbs.Token))
                        transcript.Append(CultureInfo.InvariantCulture, $" {t.Id}:{BitConverter.SingleToInt32Bits(t.LogProb):x}");
                    transcript.Append('\n');
                }
            }
        }

        return transcript.ToString();
    }

    private static TokenSampler Sampler(SamplingParameters parameters, int vocabularySize, int choice = 0)
        => new(parameters, choice, [], [], vocabularySize);

    private static float[] Weights(TokenSampler sampler, float[] logits)
    {
        CandidateSet candidates = sampler.Candidates(logits, []);
        return [.. Enumerable.Range(0, candidates.Count).Select(candidates.Weight)];
    }

    /// <summary>That the sampler sees the expected logits: its weights are those of a sampler that changes nothing.</summary>
    private static void AssertWeights(float[] expectedLogits, TokenSampler sampler, float[] logits)
        => Assert.Equal(Weights(Sampler(new(), logits.Length), expectedLogits), Weights(sampler, logits));

    /// <summary>Pearson's test; six standard deviations, so that it fails by chance once in about a hundred million.</summary>
    private static void AssertFollows(SortedDictionary<int, long> distribution, int draws, Func<int, int> draw)
    {
        var counts = new Dictionary<int, int>();
        for (int i = 0; i < draws; i++)
        {
            int id = draw(i);
            counts[id] = counts.GetValueOrDefault(id) + 1;
        }

        Assert.All(counts.Keys, id => Assert.Contains(id, distribution.Keys));
        double sum = distribution.Values.Sum();
        double chiSquare = 0;
        int cells = 0;
        foreach ((int id, long weight) in distribution)
        {
            double expected = weight / sum * draws;
            if (expected < 5) continue;
            chiSquare += Math.Pow(counts.GetValueOrDefault(id) - expected, 2) / expected;
            cells++;
        }

        Assert.True(cells > 10, "The distribution has too few likely tokens for the test to mean something.");
        Assert.True(chiSquare < cells + 6 * Math.Sqrt(2 * cells), $"χ² = {chiSquare:F1} over {cells} tokens");
    }
}
