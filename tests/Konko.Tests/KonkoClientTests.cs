using System.Text.Json.Nodes;
using Konko.Tests.Support;

namespace Konko.Tests;

public sealed class KonkoClientTests
{
    private readonly FakeUpstream _upstream = new();

    [Theory]
    [InlineData(null, null, null, "http://localhost:5080/v1/")]
    [InlineData(null, "http://a", "http://b", "http://a/v1/")]
    [InlineData(null, null, "https://b/api/", "https://b/api/")]
    [InlineData("http://c:81/v1", "http://a", null, "http://c:81/v1/")]
    [InlineData(null, "", "http://b/", "http://b/v1/")]
    public void BaseUrl_OptionsAndEnvironment_InTheirOrder(string? option, string? variable, string? older, string expected)
    {
        var options = new KonkoClientOptions { BaseUrl = option is null ? null : new Uri(option) };
        using var client = new KonkoClient(options, name => name switch { "KONKO_BASE_URL" => variable, "KONKO_API_BASE" => older, _ => null });
        Assert.Equal(expected, client.BaseUrl.AbsoluteUri);
    }

    [Theory]
    [InlineData("localhost:5080")]
    [InlineData("ftp://a")]
    [InlineData("nonsense")]
    public void BaseUrl_NoneOfHttp_Throws(string url) => Assert.Throws<ArgumentException>(() => new KonkoClient(new KonkoClientOptions(), name => name == "KONKO_BASE_URL" ? url : null));

    [Fact]
    public void Options_TimeThatIsNone_ThrowsItsName() =>
        Assert.Equal("SilenceTimeout", Assert.Throws<ArgumentOutOfRangeException>(() => new KonkoClient(new KonkoClientOptions { SilenceTimeout = TimeSpan.Zero })).ParamName);

    [Fact]
    public async Task Headers_KeysAndOwn_AreSent()
    {
        _upstream.Answer(200, """{"data":[]}""");
        var options = new KonkoClientOptions { BaseUrl = new Uri("http://upstream"), HttpClient = new HttpClient(_upstream), Headers = { ["X-Team"] = "blue" } };
        using var client = new KonkoClient(options, name => name switch { "KONKO_API_KEY" => "ko-1", "OPENAI_API_KEY" => "sk-2", _ => null });
        await client.Models.ListAsync();
        Sent sent = _upstream.Requests[0];
        Assert.Equal(("Bearer ko-1", "sk-2", "blue"), (sent.Header("Authorization"), sent.Header("X-OpenAI-Api-Key"), sent.Header("X-Team")));
        Assert.StartsWith("konko-dotnet/", sent.Header("User-Agent"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_WithoutKeys_HaveNone()
    {
        _upstream.Answer(200, """{"data":[]}""");
        await _upstream.Client().Models.ListAsync();
        Assert.Equal((null, null), (_upstream.Requests[0].Header("Authorization"), _upstream.Requests[0].Header("X-OpenAI-Api-Key")));
    }

    [Fact]
    public async Task Models_IdWithASlash_IsOneSegment()
    {
        _upstream.Answer(200, """{"id":"org/tiny","object":"model","is_chat":true,"state":"loaded","category":"small"}""");
        Model model = await _upstream.Client().Models.RetrieveAsync("org/tiny");
        Assert.Equal("/v1/models/org%2Ftiny", _upstream.Requests[0].Path);
        Assert.Equal(("org/tiny", true, "loaded", "small"), (model.Id, model.IsChat, model.State, model.Extra!["category"].GetString()));
    }

    [Theory]
    [InlineData("\"AACAPwAAAMA=\"")]
    [InlineData("[1,-2]")]
    public async Task Embeddings_EitherEncoding_IsRead(string vector)
    {
        _upstream.Answer(200, $$$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":{{{vector}}}}],"model":"m","usage":{"prompt_tokens":2,"total_tokens":2}}""");
        EmbeddingAnswer answer = await _upstream.Client().Embeddings.CreateAsync("m", "Hi");
        Assert.Equal([1f, -2f], answer.Vector.ToArray());
        Assert.Equal("""{"model":"m","input":["Hi"],"encoding_format":"base64"}""", _upstream.Requests[0].Body);
    }

    [Fact]
    public async Task Completions_WholeAndStreamed_AreRead()
    {
        _upstream.Answer(200, """{"id":"x","object":"text_completion","choices":[{"index":0,"text":" a time","finish_reason":"stop","logprobs":null}]}""");
        _upstream.Stream(Wire.Event("""{"id":"x","choices":[{"index":0,"text":" a"}],"token":{"id":1,"text":" a","logprob":-1,"special":false}}""") + Wire.Event("""{"id":"x","choices":[{"index":0,"text":" time"}]}""") + Wire.Done);
        KonkoClient client = _upstream.Client();
        Assert.Equal(" a time", (await client.Completion.CreateAsync("org/tiny", "Once upon", maxTokens: 2)).Text);
        string text = "";
        await foreach (CompletionChunk chunk in client.Completions.CreateStreaming("org/tiny", "Once upon")) text += chunk.Text;
        Assert.Equal(" a time", text);
        Assert.Equal("""{"model":"org/tiny","prompt":["Once upon"],"stream":true}""", _upstream.Requests[1].Body);
    }

    [Fact]
    public async Task Tokens_ThereAndBack_AreTheServers()
    {
        _upstream.Answer(200, """{"count":2,"max_model_len":64,"tokens":[5,6],"token_strs":["a","b"]}""").Answer(200, """{"prompt":"ab"}""");
        KonkoClient client = _upstream.Client();
        Tokenization tokens = await client.Tokens.TokenizeAsync("org/tiny", "ab", literals: true);
        Assert.Equal([5, 6], tokens.Tokens);
        Assert.Equal("ab", await client.Tokens.DetokenizeAsync("org/tiny", tokens.Tokens));
        Assert.Equal("""{"model":"org/tiny","prompt":"ab","return_token_strs":true}""", _upstream.Requests[0].Body);
        Assert.Equal("""{"model":"org/tiny","tokens":[5,6]}""", _upstream.Requests[1].Body);
    }

    [Fact]
    public async Task SendAsync_Anything_IsSentAndGivenBackAsItCame()
    {
        _upstream.Answer(200, "{\"ok\":1}");
        RawResponse response = await _upstream.Client().SendAsync(HttpMethod.Post, "/rerank", new JsonObject { ["query"] = "é" });
        Assert.Equal((200, "{\"ok\":1}", "/v1/rerank", "{\"query\":\"é\"}"), (response.Status, response.Text, _upstream.Requests[0].Path, _upstream.Requests[0].Body));
    }

    [Fact]
    public async Task Chat_ShortForm_StreamsText()
    {
        _upstream.Stream(Wire.Says("") + Wire.Says("a") + Wire.Says("b", "stop") + Wire.Done);
        string text = "";
        await foreach (string piece in _upstream.Client().Chat("org/tiny", system: "Be brief.", maxTokens: 5).StreamAsync("Hi")) text += piece + "|";
        Assert.Equal("a|b|", text);
        Assert.Equal("""{"model":"org/tiny","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}],"max_tokens":5,"stream":true}""", _upstream.Requests[0].Body);
    }

    [Fact]
    public async Task Client_ManyThreads_ServesThemAll()
    {
        const int Calls = 200;
        for (int i = 0; i < Calls; i++) _upstream.Answer(200, Wire.Whole);
        KonkoClient client = _upstream.Client();
        ChatCompletion[] answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => Task.Run(() => client.ChatCompletion.CreateAsync("org/tiny", [("user", $"{i}")]))));
        Assert.All(answers, answer => Assert.Equal(" Our policy", answer.Text));
        Assert.Equal(Calls, _upstream.Requests.Select(request => request.Body).Distinct().Count());
    }
}
