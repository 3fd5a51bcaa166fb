using System.Text.Json;
using Konko.Protocol.Embeddings;

namespace Konko.Protocol.Tests.Embeddings;

public sealed class EmbeddingVectorConverterTests
{
    private static readonly float[] s_values = [1, -0.1f, float.Epsilon, float.MaxValue, 1 / 3f];

    [Theory]
    [InlineData(false, "[1,-0.1,1E-45,3.4028235E+38,0.33333334]")]
    [InlineData(true, "\"AACAP83MzL0BAAAA//9/f6uqqj4=\"")]
    public void Write_EitherEncoding_ReadsBackToTheSameBits(bool base64, string expected)
    {
        var whole = new EmbeddingList
        {
            Data = [new EmbeddingObject { Index = 0, Embedding = new EmbeddingVector(s_values, base64) }],
            Model = "m",
            Usage = new EmbeddingUsage { PromptTokens = 1, TotalTokens = 1 },
        };

        string json = JsonSerializer.Serialize(whole, WireJson.Default.EmbeddingList);
        Assert.Equal($$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":{{expected}}""" + """}],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}}""", json);

        EmbeddingVector read = JsonSerializer.Deserialize(json, WireJson.Default.EmbeddingList)!.Data[0].Embedding;
        Assert.Equal(base64, read.IsBase64);
        Assert.Equal(s_values, read.Values.ToArray());
    }

    [Theory]
    [InlineData("\"AAA=\"")]
    [InlineData("\"?\"")]
    [InlineData("1")]
    [InlineData("[\"a\"]")]
    public void Read_AnythingElse_IsRefused(string embedding)
    {
        string json = $$"""{"data":[{"index":0,"embedding":{{embedding}}""" + """}],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}}""";

        Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize(json, WireJson.Default.EmbeddingList));
    }
}
