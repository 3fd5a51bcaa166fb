using Konko.Engine.Gguf;
using Konko.Engine.Models;

namespace Konko.Engine.Tests.Models.Encoders;

/// <summary>The encoder against BERT in double precision.</summary>
[Trait("Gate", "reference")]
public sealed class EncoderTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(64, 2, 1)]
    [InlineData(64, 2, 2)]
    [InlineData(64, 2, 3)]
    [InlineData(48, 4, 1)] // heads of 12, a width that is no multiple of 32
    [InlineData(40, 5, 2)] // heads of 8, a width that is no multiple of 16
    [InlineData(80, 1, 1)] // one wide head
    public void Embed_FloatModel_GivesThePlainModelsVectors(int width, int heads, int pooling)
    {
        var tiny = new TinyBert(width, heads, feedForward: width + 24);
        using EmbeddingModel model = TinyBert.Load(tiny.Writer(GgmlType.F32, pooling));
        int[][] texts = Vectors.Texts(12, 70, TinyBert.Words.Length, seed: 3);
        float[][] vectors = Vectors.Of(model, texts);
        double worst = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            double[] expected = PlainBert.Embed(tiny, texts[i], pooling);
            for (int e = 0; e < width; e++) worst = Math.Max(worst, Math.Abs(expected[e] - vectors[i][e]));
        }

        output.WriteLine($"worst difference of an element {worst:E2}");
        Assert.InRange(worst, 0, 2e-6);
    }

    // What is left are activations of eight bits; floats take them as they are.
    [Theory]
    [InlineData(GgmlType.F16, 0.999999)]
    [InlineData(GgmlType.BF16, 0.999999)]
    [InlineData(GgmlType.Q8_0, 0.9995)]
    [InlineData(GgmlType.Q4_1, 0.999)]
    public void Embed_RoundedModel_StaysCloseToThePlainModelOfTheSameWeights(GgmlType type, double least)
    {
        var tiny = new TinyBert();
        using EmbeddingModel model = TinyBert.Load(tiny.Writer(type));
        tiny.Round(type);
        int[][] texts = Vectors.Texts(12, 40, TinyBert.Words.Length, seed: 4);
        float[][] vectors = Vectors.Of(model, texts);
        double worst = texts.Zip(vectors).Min(pair => PlainBert.Embed(tiny, pair.First, 1).Zip(pair.Second, (a, b) => a * b).Sum());
        output.WriteLine($"{type}: least cosine {worst:F6}");
        Assert.InRange(worst, least, 1.00001);
    }

    [Fact]
    public void Embed_BadSteps_AreRefused()
    {
        using EmbeddingModel model = TinyBert.Load(new TinyBert().Writer(GgmlType.F32));
        Assert.Contains("no tokens", Refusal([], 64), StringComparison.Ordinal);
        Assert.Contains("more than the context", Refusal(new int[TinyBert.Context + 1], 64), StringComparison.Ordinal);
        Assert.Contains("outside the vocabulary", Refusal([TinyBert.Words.Length], 64), StringComparison.Ordinal);
        Assert.Contains("65 dimensions", Refusal([1], 65), StringComparison.Ordinal);

        string Refusal(int[] tokens, int dimensions)
        {
            var batch = new EmbeddingBatch();
            batch.Add(tokens, new float[dimensions]);
            return Assert.Throws<ArgumentException>(() => model.Embed(batch)).Message;
        }
    }
}
