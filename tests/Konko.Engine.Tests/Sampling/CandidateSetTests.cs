using Konko.Engine.Sampling;

namespace Konko.Engine.Tests.Sampling;

public sealed class CandidateSetTests
{
    private static readonly int[] Sizes = [1, 2, 15, 16, 17, 100, 1000, 5000, 49152];

    public static TheoryData<string> Kinds { get; } = [.. SampleLogits.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Candidates_RandomParameters_AreThoseOfAFullSort(string kind)
    {
        var random = new Random(kind.Length * 31 + kind[0]);
        foreach (int size in Sizes)
        {
            for (int round = 0; round < (size > 1000 ? 12 : 60); round++)
            {
                float[] logits = SampleLogits.Row(kind, size, random);
                SamplingParameters parameters = RandomParameters(random, size);
                SortedDictionary<int, long> expected = ReferenceSampler.Distribution(parameters, logits);
                Assert.Equal(expected, Distribution(parameters, logits));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Candidates_TemperatureAndTopP_ProbabilitiesAreTheSoftmaxInDouble(string kind)
    {
        var random = new Random(5);
        for (int round = 0; round < 20; round++)
        {
            float[] logits = SampleLogits.Row(kind, 3000, random);
            var parameters = new SamplingParameters { Temperature = 0.1f + 1.9f * random.NextSingle(), TopP = 0.01f + 0.98f * random.NextSingle() };
            double max = logits.Max();
            double[] weights = [.. logits.Select(x => Math.Exp((x - max) / parameters.Temperature))];
            double sum = weights.Sum();

            SortedDictionary<int, long> actual = Distribution(parameters, logits);
            double actualSum = actual.Values.Sum();
            double kept = actual.Keys.Sum(id => weights[id]);
            foreach ((int id, long weight) in actual) Assert.Equal(weights[id] / kept, weight / actualSum, 1e-6);

            // The least likely token is needed to reach top_p, up to the rounding of the weights.
            double least = actual.Keys.Min(id => weights[id]);
            Assert.True(kept / sum > parameters.TopP - 1e-5, $"{kept / sum} for {parameters.TopP}");
            Assert.True((kept - least) / sum < parameters.TopP + 1e-5, $"{(kept - least) / sum} for {parameters.TopP}");
        }
    }

    [Fact]
    public void Draw_RandomBits_InvertsTheDistributionInIdOrder()
    {
        var random = new Random(17);
        foreach (string kind in SampleLogits.Kinds)
        {
            float[] logits = SampleLogits.Row(kind, 10_000, random);
            SamplingParameters parameters = new() { Temperature = 1.3f, TopP = random.Next(2) == 0 ? 1f : 0.97f };
            SortedDictionary<int, long> distribution = ReferenceSampler.Distribution(parameters, logits);
            CandidateSet candidates = new TokenSampler(parameters, 0, [], [], logits.Length).Candidates(logits, []);
            foreach (ulong bits in (ulong[])[0, ulong.MaxValue, .. Enumerable.Range(0, 500).Select(_ => (ulong)random.NextInt64() << 1)])
            {
                (int id, double probability) = candidates.Draw(bits);
                Assert.Equal(ReferenceSampler.Draw(distribution, bits), id);
                Assert.Equal(distribution[id] / (double)distribution.Values.Sum(), probability);
            }
        }
    }

    [Fact]
    public void KeepTypical_NoSmallestSurprise_PassesTheBestTokenOver()
    {
        // One token of 0.4 and sixty of 0.01: the entropy is near the surprise of the many.
        float[] logits = [.. Enumerable.Repeat(MathF.Log(0.01f), 30), MathF.Log(0.4f), .. Enumerable.Repeat(MathF.Log(0.01f), 30)];
        SortedDictionary<int, long> kept = Distribution(new SamplingParameters { TypicalP = 0.295f }, logits);
        Assert.Equal(Enumerable.Range(0, 30), kept.Keys);
    }

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(2, new[] { 1, 3 })]
    [InlineData(3, new[] { 0, 1, 3 })]
    [InlineData(5, new[] { 0, 1, 2, 3, 4 })]
    [InlineData(6, new[] { 0, 1, 2, 3, 4, 5 })]
    public void KeepTopK_Ties_GoToTheLowestId(int k, int[] expected)
        => Assert.Equal(expected, Distribution(new SamplingParameters { TopK = k }, [1, 2, 1, 2, 1, 0]).Keys);

    [Theory]
    [InlineData(1e-30f, 1)]
    [InlineData(0.24f, 1)]
    [InlineData(0.25f, 1)]
    [InlineData(0.26f, 2)]
    [InlineData(0.5f, 2)]
    [InlineData(0.99f, 4)]
    public void KeepTopP_Ties_GoToTheLowestId(float share, int expected)
        => Assert.Equal(Enumerable.Range(0, expected), Distribution(new SamplingParameters { TopP = share }, [7, 7, 7, 7]).Keys);

    [Fact]
    public void KeepMinP_Share_IsOfTheBestTokens()
        => Assert.Equal([1, 2, 3], Distribution(new SamplingParameters { MinP = 0.1f }, [-2.4f, 0f, -2.3f, 0f, -30f]).Keys);

    /// <summary>Each of the five parameters on or off, over its whole range.</summary>
    internal static SamplingParameters RandomParameters(Random random, int vocabularySize) => new()
    {
        Temperature = random.Next(3) == 0 ? 1f : 0.05f + 1.95f * random.NextSingle(),
        MinP = random.Next(3) == 0 ? MathF.Pow(random.NextSingle(), 4) : 0f,
        TopK = random.Next(3) == 0 ? 1 + random.Next(Math.Min(vocabularySize, random.Next(2) == 0 ? 50 : int.MaxValue)) : 0,
        TopP = random.Next(2) == 0 ? 1f : Math.Max(1e-6f, random.NextSingle()),
        TypicalP = random.Next(3) == 0 ? Math.Max(1e-6f, random.NextSingle()) : 1f,
    };

    private static SortedDictionary<int, long> Distribution(SamplingParameters parameters, float[] logits)
    {
        CandidateSet candidates = new TokenSampler(parameters, 0, [], [], logits.Length).Candidates(logits, []);
        var distribution = new SortedDictionary<int, long>();
        for (int i = 0; i < candidates.Count; i++)
        {
            if (candidates.Weight(i) > 0) distribution.Add(candidates.Id(i), (long)(candidates.Weight(i) * (double)(1L << 34)));
        }

        return distribution;
    }
}
