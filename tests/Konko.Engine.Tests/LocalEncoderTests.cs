using System.Text.Json;
using Konko.Engine.Scheduling;

namespace Konko.Engine.Tests;

/// <summary>The embedded model for embeddings, whole, against vectors of an independent program.</summary>
public sealed class LocalEncoderTests(ITestOutputHelper output)
{
    private static readonly LocalEncoderOptions s_options = new() { Threads = 2, MaxTokens = 256 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Gate", "reference")]
    public async Task Embed_ReferenceTexts_GivesTheReferencesTokensAndVectors()
    {
        using JsonDocument cases = JsonDocument.Parse(await File.ReadAllBytesAsync(Repository.Reference("minilm-embeddings.json")!, Cancel));
        await using LocalEncoder encoder = await LocalEncoder.LoadAsync(Repository.MiniLM, s_options, TimeProvider.System, Cancel);
        JsonElement[] texts = [.. cases.RootElement.EnumerateArray()];
        IReadOnlyList<int>[] tokens = [.. texts.Select(text => encoder.Tokenize(text.GetProperty("text").GetString()!, truncate: true))];
        IReadOnlyList<float[]> vectors = await Embed(encoder, new EmbeddingRequest { Inputs = tokens });
        Assert.Equal(7, texts.Length);
        for (int i = 0; i < texts.Length; i++)
        {
            Assert.Equal(texts[i].GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32()), tokens[i]);
            double[] expected = [.. texts[i].GetProperty("embedding").EnumerateArray().Select(e => e.GetDouble())];
            Assert.Equal(expected.Length, encoder.Dimensions);
            double cosine = Cosine(expected, vectors[i]), least = tokens[i].Count == 2 ? 0.998 : 0.999;
            output.WriteLine($"{tokens[i].Count} tokens: cosine {cosine:F6}");
            Assert.InRange(cosine, least, 1.000001);
            Assert.InRange(vectors[i].Sum(x => (double)x * x), 1 - 1e-6, 1 + 1e-6);
        }
    }

    [Fact]
    public async Task Embed_FewerDimensions_GivesTheFirstOnesAtUnitLength()
    {
        await using LocalEncoder encoder = await LocalEncoder.LoadAsync(Repository.MiniLM, s_options, TimeProvider.System, Cancel);
        IReadOnlyList<int>[] inputs = [encoder.Tokenize("a cat sat on the mat")];
        float[] all = (await Embed(encoder, new EmbeddingRequest { Inputs = inputs }))[0];
        float[] some = (await Embed(encoder, new EmbeddingRequest { Inputs = inputs, Dimensions = 100 }))[0];
        double length = Math.Sqrt(all.Take(100).Sum(x => (double)x * x));
        Assert.Equal(100, some.Length);
        for (int i = 0; i < some.Length; i++) Assert.Equal(all[i] / length, some[i], 1e-6);
    }

    [Fact]
    public async Task Load_MiniLM_ShowsWhatItIs()
    {
        await using LocalEncoder encoder = await LocalEncoder.LoadAsync(Repository.MiniLM, new LocalEncoderOptions { MaxTokens = 9999 }, TimeProvider.System, Cancel);
        Assert.Equal(512, encoder.MaxTokens);
        Assert.Equal(384, encoder.Dimensions);
        Assert.True(LocalEncoder.Takes(encoder.Card));
        Assert.Equal("apache-2.0", encoder.Card.License);
        Assert.Matches("^fp_[0-9a-f]{16}_[0-9]+$", encoder.Fingerprint);
    }

    [Fact]
    public async Task Tokenize_LongText_IsCutWhereAskedFor()
    {
        await using LocalEncoder encoder = await LocalEncoder.LoadAsync(Repository.MiniLM, s_options, TimeProvider.System, Cancel);
        string text = string.Concat(Enumerable.Repeat("mat ", 300));
        IReadOnlyList<int> whole = encoder.Tokenize(text), cut = encoder.Tokenize(text, truncate: true);
        Assert.Equal(302, whole.Count);
        Assert.Equal([.. whole.Take(255), 102], cut);
        Assert.Contains("302 tokens", Assert.Throws<ArgumentException>(() => encoder.Scheduler.TrySubmit(new EmbeddingRequest { Inputs = [whole] }, out _, out _, Cancel)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokenize_ControlTokensInText_StayText()
    {
        await using LocalEncoder encoder = await LocalEncoder.LoadAsync(Repository.MiniLM, s_options, TimeProvider.System, Cancel);
        IReadOnlyList<int> ids = encoder.Tokenize("[SEP] [CLS]");
        Assert.Equal(101, ids[0]);
        Assert.Equal(102, ids[^1]);
        Assert.All(ids.Skip(1).SkipLast(1), id => Assert.False(encoder.Tokenizer.IsSpecial(id)));
    }

    private static Task<IReadOnlyList<float[]>> Embed(LocalEncoder encoder, EmbeddingRequest request)
        => encoder.Scheduler.TrySubmit(request, out Task<IReadOnlyList<float[]>>? vectors, out SubmitRefusal? refusal, Cancel)
            ? vectors
            : throw new InvalidOperationException($"Not taken: {refusal}.");

    private static double Cosine(double[] a, float[] b)
    {
        double dot = 0, x = 0, y = 0;
        for (int i = 0; i < a.Length; i++) (dot, x, y) = (dot + a[i] * b[i], x + a[i] * a[i], y + (double)b[i] * b[i]);
        return dot / Math.Sqrt(x * y);
    }
}
