using System.Globalization;
using System.Text;
using System.Text.Json;
using Konko.Server.Tests.Hosting;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Api.Embeddings;

public sealed class EmbeddingsEndpointTests(EmbeddingsServer embeddings) : IClassFixture<EmbeddingsServer>
{
    private const string Path = "/v1/embeddings";
    private const string Model = $"\"model\":\"{EmbeddingsServer.Id}\"";
    private const string Chat = "huggingfacetb/smollm2-135m-instruct";

    private readonly RunningServer _server = embeddings.Server;

    [Theory]
    [InlineData("embeddings", """ "input":["A cat sat.","Naïve 日本"],"dimensions":3 """)]
    [InlineData("embeddings-base64", """ "input":"A cat sat.","dimensions":3,"encoding_format":"base64","user":"u" """)]
    [InlineData("embeddings-error", """ "input":["A cat sat.",""] """)]
    public async Task Post_Feature_GoesOverTheWireAsWrittenDown(string name, string members)
    {
        string body = $$"""{{{Model}},{{members.Trim()}}}""";
        using HttpResponseMessage response = await SendAsync(body);
        string transcript = $"POST {Path}\n\n{body}\n\nHTTP {(int)response.StatusCode}\nContent-Type: {response.Content.Headers.ContentType}\n"
            + $"x-konko-model: {string.Join(",", response.Headers.TryGetValues("x-konko-model", out var id) ? id : [])}\n\n"
            + await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) + "\n";
        Golden.Verify(transcript, name);
    }

    [Fact]
    public async Task Post_OneRequestOrOneEach_GivesTheSameBits()
    {
        string[] texts = [.. Enumerable.Range(0, 48).Select(i => string.Join(' ', Enumerable.Range(0, 1 + (i * 7 % 60)).Select(w => $"word{(w * i) % 17}")))];
        string[] together = Vectors(await _server.PostAsync(Path, Body(texts, "base64")));

        using var sixteen = new SemaphoreSlim(16);
        string[] singly = await Task.WhenAll(texts.Select(async text =>
        {
            await sixteen.WaitAsync(TestContext.Current.CancellationToken);
            try
            {
                return Assert.Single(Vectors(await _server.PostAsync(Path, Body([text], "base64"))));
            }
            finally
            {
                sixteen.Release();
            }
        }));

        Assert.Equal(together, singly);
        Assert.Equal(48, together.Distinct().Count());
    }

    [Fact]
    public async Task Post_FloatAndBase64_TellTheSameBits()
    {
        JsonElement numbers = await _server.PostAsync(Path, Body(["The feline rested on the rug."], "float"));
        byte[] bytes = Convert.FromBase64String(Assert.Single(Vectors(await _server.PostAsync(Path, Body(["The feline rested on the rug."], "base64")))));

        float[] values = Floats(numbers);
        Assert.Equal(384, values.Length);
        Assert.Equal(values, Enumerable.Range(0, bytes.Length / 4).Select(i => BitConverter.ToSingle(bytes, i * 4)));
        Assert.Equal(1, values.Sum(v => (double)v * v), 1e-5);
    }

    [Fact]
    public async Task Post_Tokens_AreTakenAsTheyAre()
    {
        JsonElement tokens = (await _server.PostAsync("/v1/tokenize", $$"""{{{Model}},"prompt":"A cat sat."}""")).GetProperty("tokens");

        JsonElement ofText = await _server.PostAsync(Path, Body(["A cat sat."], "base64"));
        JsonElement ofTokens = await _server.PostAsync(Path, $$"""{{{Model}},"input":{{tokens.GetRawText()}},"encoding_format":"base64"}""");
        JsonElement ofLists = await _server.PostAsync(Path, $$"""{{{Model}},"input":[{{tokens.GetRawText()}},[101,102]],"encoding_format":"base64"}""");

        Assert.Equal(Vectors(ofText), Vectors(ofTokens));
        Assert.Equal(Vectors(ofText)[0], Vectors(ofLists)[0]);
        Assert.Equal(tokens.GetArrayLength(), ofText.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(tokens.GetArrayLength() + 2, ofLists.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Post_Dimensions_AreTheFirstOnesBroughtToUnitLength()
    {
        float[] whole = Floats(await _server.PostAsync(Path, $$"""{{{Model}},"input":"hello"}"""));
        float[] part = Floats(await _server.PostAsync(Path, $$"""{{{Model}},"input":"hello","dimensions":64}"""));

        Assert.Equal(64, part.Length);
        double length = Math.Sqrt(whole.Take(64).Sum(v => (double)v * v));
        for (int i = 0; i < part.Length; i++) Assert.Equal(whole[i] / length, part[i], 1e-6);
    }

    [Fact]
    public async Task Post_ByAlias_EchoesItAndNamesTheModel()
    {
        using HttpResponseMessage response = await SendAsync($$"""{"model":"Text-Embedding-3-Small","input":"hello"}""");

        Assert.Equal(EmbeddingsServer.Id, Assert.Single(response.Headers.GetValues("x-konko-model")));
        Assert.Equal("local", Assert.Single(response.Headers.GetValues("x-konko-provider")));
        Assert.Equal(EmbeddingsServer.Alias, (await RunningServer.JsonAsync(response)).GetProperty("model").GetString());
    }

    [Fact]
    public async Task Post_TextOfTheWholeContext_IsEmbeddedAndOneTokenMoreIsRefusedWithBothNumbers()
    {
        JsonElement most = await _server.PostAsync(Path, Body([string.Join(' ', Enumerable.Repeat("cat", 510))], "float"));
        JsonElement error = await _server.PostAsync(Path, Body(["cat", string.Join(' ', Enumerable.Repeat("cat", 511))], "float"), 400);

        Assert.Equal(512, most.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(("input[1]", "context_length_exceeded"), (error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
        Assert.Contains("513 tokens", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("at most 512", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_MoreTokensAltogetherThanARequestMayHave_IsRefused()
    {
        string ids = "[" + string.Join(',', Enumerable.Repeat("1037", 500)) + "]";
        JsonElement error = await _server.PostAsync(Path, $$"""{{{Model}},"input":[{{string.Join(',', Enumerable.Repeat(ids, 601))}}]}""", 400);

        Assert.Equal(("input", "max_tokens_per_request"), (error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("""{"input":"x"}""", "model", 400)]
    [InlineData("""{"model":"nobody","input":"x"}""", "model", 404)]
    [InlineData($$"""{"model":"{{Chat}}","input":"x"}""", "model", 400)]
    [InlineData($$"""{{{Model}}}""", "input", 400)]
    [InlineData($$"""{{{Model}},"input":null}""", "input", 400)]
    [InlineData($$"""{{{Model}},"input":""}""", "input", 400)]
    [InlineData($$"""{{{Model}},"input":[]}""", "input", 400)]
    [InlineData($$"""{{{Model}},"input":[[]]}""", "input", 400)]
    [InlineData($$"""{{{Model}},"input":["a",1]}""", "input", 400)]
    [InlineData($$"""{{{Model}},"input":{"a":1} }""", "input", 400)]
    [InlineData($$"""{{{Model}},"input":["a",""]}""", "input[1]", 400)]
    [InlineData($$"""{{{Model}},"input":[-1]}""", "input", 400)]
    [InlineData($$"""{{{Model}},"input":[30522]}""", "input", 400)]
    [InlineData($$"""{{{Model}},"input":[[1],[30522]]}""", "input[1]", 400)]
    [InlineData($$"""{{{Model}},"input":"x","encoding_format":"hex"}""", "encoding_format", 400)]
    [InlineData($$"""{{{Model}},"input":"x","dimensions":0}""", "dimensions", 400)]
    [InlineData($$"""{{{Model}},"input":"x","dimensions":385}""", "dimensions", 400)]
    public async Task Post_WrongBody_NamesTheParameter(string body, string param, int status)
        => Assert.Equal(param, (await _server.PostAsync(Path, body, status)).GetProperty("param").GetString());

    [Theory]
    [InlineData(2048, 200)]
    [InlineData(2049, 400)]
    public async Task Post_ManyInputs_AreLimited(int count, int status)
    {
        JsonElement result = await _server.PostAsync(Path, $$"""{{{Model}},"dimensions":1,"input":[{{string.Join(',', Enumerable.Repeat("[101]", count))}}]}""", status);

        if (status == 200) Assert.Equal(count, result.GetProperty("data").GetArrayLength());
        else Assert.Equal("input", result.GetProperty("param").GetString());
    }

    private async Task<HttpResponseMessage> SendAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _server.Client.PostAsync(Path, content, TestContext.Current.CancellationToken);
    }

    private static string Body(string[] texts, string encoding)
        => string.Create(CultureInfo.InvariantCulture, $$"""{{{Model}},"input":{{JsonSerializer.Serialize(texts)}},"encoding_format":"{{encoding}}"}""");

    private static string[] Vectors(JsonElement result)
        => [.. result.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("embedding").GetString()!)];

    private static float[] Floats(JsonElement result)
        => [.. Assert.Single(result.GetProperty("data").EnumerateArray()).GetProperty("embedding").EnumerateArray().Select(v => v.GetSingle())];
}
