using Konko.Engine.Sampling;

namespace Konko.Engine.Tests.Sampling;

public sealed class LogProbabilitiesTests
{
    [Fact]
    public void Of_RandomRows_AgreesWithDouble()
    {
        var random = new Random(23);
        foreach (string kind in SampleLogits.Kinds)
        {
            foreach (int size in (int[])[1, 16, 33, 1000, 49152])
            {
                float[] logits = SampleLogits.Row(kind, size, random);
                int token = random.Next(size);
                int top = Math.Min(size, 20);
                double max = logits.Max();
                double logSum = Math.Log(logits.Sum(x => Math.Exp(x - max)));
                int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => logits[i]).ThenBy(i => i).Take(top)];

                TokenLogProbs result = LogProbabilities.Of(logits, token, 20);

                Assert.Equal(token, result.Token.Id);
                Assert.Equal(Math.Max(-9999, logits[token] - max - logSum), result.Token.LogProb, 1e-5 * Math.Max(1, Math.Abs(result.Token.LogProb)));
                Assert.Equal(order, result.Top.Select(t => t.Id));
                foreach (TokenLogProb t in result.Top)
                    Assert.Equal(Math.Max(-9999, logits[t.Id] - max - logSum), t.LogProb, 1e-5 * Math.Max(1, Math.Abs(t.LogProb)));
            }
        }
    }

    [Fact]
    public void Of_CertainToken_IsPlusZero()
    {
        TokenLogProbs result = LogProbabilities.Of([float.NegativeInfinity, 3f, -2000f], 1, 3);
        Assert.Equal(0u, BitConverter.SingleToUInt32Bits(result.Token.LogProb));
        Assert.Equal([new(1, 0f), new(2, -2003f), new(0, -9999f)], result.Top);
    }

    [Fact]
    public void Of_NoAlternatives_NamesNone() => Assert.Empty(LogProbabilities.Of([1f, 2f], 0, 0).Top);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Of_InvalidLogit_Throws(float logit)
    {
        foreach (int place in (int[])[0, 31, 40, 47, 48])
        {
            float[] logits = new float[49];
            logits[place] = logit;
            Assert.Throws<NonFiniteLogitsException>(() => LogProbabilities.Of(logits, 0, 1));
        }
    }
}
