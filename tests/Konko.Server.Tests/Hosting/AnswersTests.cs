using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Konko.Server.Configuration;
using Konko.Server.Generation;

namespace Konko.Server.Tests.Hosting;

/// <summary>What the host does around the endpoints that answer.</summary>
public sealed class AnswersTests
{
    private const string Chat = """{"model":"ORG/tiny","stream":true,"messages":[{"role":"user","content":"hi"}]}""";

    [Fact]
    public async Task Stopping_StreamRuns_FinishesIt()
    {
        ScriptedProvider provider = new();
        await using RunningServer server = await RunningServer.StartAsync(loader: ScriptedLoader.Of(provider));
        using HttpResponseMessage response = await PostAsync(server, Chat);
        Task stopping = server.Server.StopAsync(CancellationToken.None);

        using HttpResponseMessage refused = await PostAsync(server, Chat);
        await RunningServer.ErrorAsync(refused, 503);
        Assert.NotNull(refused.Headers.RetryAfter);
        provider.Say(Last("done"));
        provider.End();
        string stream = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.EndsWith("data: [DONE]\n\n", stream, StringComparison.Ordinal);
        await stopping;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stopping_StreamOutlivesTheLimit_EndsInAnErrorAndACutBody(bool http2)
    {
        ScriptedProvider provider = new();
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { DrainTimeout = TimeSpan.FromSeconds(0.2), H2c = http2 }, ScriptedLoader.Of(provider));
        (server.Client.DefaultRequestVersion, server.Client.DefaultVersionPolicy) = (http2 ? HttpVersion.Version20 : HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact);
        using HttpResponseMessage response = await PostAsync(server, Chat);
        await using Stream body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);

        Task stopping = server.Server.StopAsync(CancellationToken.None);
        var read = new MemoryStream();
        await Assert.ThrowsAnyAsync<HttpIOException>(() => body.CopyToAsync(read, TestContext.Current.CancellationToken));

        string stream = Encoding.UTF8.GetString(read.ToArray());
        // .NET's client throws away what it has not handed out yet when an HTTP/2 stream is reset.
        if (!http2) Assert.Contains("""data: {"error":{"message":"The server shut down before this answer was complete.","type":"server_error","param":null,"code":null}}""", stream, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", stream, StringComparison.Ordinal);
        await stopping;
        Assert.Equal(1, provider.Disposed);
    }

    [Fact]
    public async Task Stopping_WholeAnswerOutlivesTheLimit_Is503()
    {
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { DrainTimeout = TimeSpan.FromSeconds(0.2) }, ScriptedLoader.Of(new ScriptedProvider()));
        Task<HttpResponseMessage> asking = PostAsync(server, Chat.Replace("true", "false", StringComparison.Ordinal));
        while (server.Server.Running == 0) await Task.Yield();

        Task stopping = server.Server.StopAsync(CancellationToken.None);

        using HttpResponseMessage response = await asking;
        await RunningServer.ErrorAsync(response, 503);
        await stopping;
    }

    [Fact]
    public async Task Call_ByAnAliasWhileLoading_WaitsAndIsAnswered()
    {
        ScriptedProvider provider = new();
        var loader = new ScriptedLoader { Provider = provider };
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { Aliases = new Dictionary<string, string> { ["gpt-x"] = RunningServer.ModelId } }, loader);
        Task<HttpResponseMessage> asking = PostAsync(server, Chat.Replace("ORG/tiny", "GPT-X", StringComparison.Ordinal).Replace("true", "false", StringComparison.Ordinal));

        provider.Say(Last("done"));
        loader.Finish();

        using HttpResponseMessage response = await asking;
        JsonElement answer = await RunningServer.JsonAsync(response);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("gpt-x", answer.GetProperty("model").GetString());
        Assert.Equal(RunningServer.ModelId, Assert.Single(response.Headers.GetValues("x-konko-model")));
        Assert.Equal("fp_test", answer.GetProperty("system_fingerprint").GetString());
    }

    [Theory]
    [InlineData("/v1/chat/completions", false)]
    [InlineData("/v1/chat/completions", true)]
    [InlineData("/v1/completions", true)]
    public async Task Body_BeyondTheLimit_Is413(string path, bool chunked)
    {
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { BodyLimitBytes = 4096 });
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(new string(' ', 5000), Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = chunked;

        using HttpResponseMessage response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        JsonElement error = await RunningServer.ErrorAsync(response, 413);
        Assert.Contains("4096", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_BeyondTheLimit_EndsTheConnectionAndSaysSo()
    {
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { BodyLimitBytes = 4096 });
        foreach (string type in (string[])["application/json", "text/plain"])
        {
            using var content = new StringContent(new string(' ', 5000), Encoding.UTF8, type);
            using HttpResponseMessage response = await server.Client.PostAsync("/v1/chat/completions", content, TestContext.Current.CancellationToken);
            Assert.True(response.Headers.ConnectionClose);
        }
    }

    [Fact]
    public async Task Bodies_BeyondTheirMemory_Are429UntilOthersAreAnswered()
    {
        var provider = new ScriptedProvider();
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { BodyMemoryBytes = 100 << 10 }, ScriptedLoader.Of(provider));
        await server.Server.Loading;
        string body = $$"""{"model":"org/tiny","stream":true,"messages":[{"role":"user","content":"{{new string('x', 140 << 10)}}"}]}""";
        using var first = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        HttpResponseMessage running = await server.Client.SendAsync(first, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        Assert.Equal("overloaded", (await server.PostAsync("/v1/chat/completions", body, 429)).GetProperty("code").GetString());
        // What is no long body is taken all the same.
        await server.PostAsync("/v1/chat/completions", "{}", 400);

        running.Dispose();
        while (server.Server.BodyBytes > 0) await Task.Yield();
        using var second = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using HttpResponseMessage again = await server.Client.SendAsync(second, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)again.StatusCode);
    }

    [Theory]
    [InlineData("""{"model":"org/tiny","messages":[LIST]}""", "/v1/chat/completions", "messages")]
    [InlineData("""{"model":"org/tiny","messages":[LIST]}""", "/v1/tokenize", "messages")]
    [InlineData("""{"model":"org/tiny","input":[LIST]}""", "/v1/responses", "input")]
    public async Task Body_MoreMessagesThanAnyoneHas_Is400(string body, string path, string param)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string list = string.Join(',', Enumerable.Repeat("""{"role":"user","content":"x"}""", 4097));
        JsonElement error = (await server.PostAsync(path, body.Replace("LIST", list, StringComparison.Ordinal), 400)).GetProperty("param");
        Assert.Equal(param, error.GetString());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData(null)]
    public async Task Body_ThatAForeignPageCouldSendWithoutAsking_Is415(string? contentType)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Chat));
        if (contentType is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

        using HttpResponseMessage response = await server.Client.PostAsync("/v1/chat/completions", content, TestContext.Current.CancellationToken);

        await RunningServer.ErrorAsync(response, 415);
    }

    private static ChoiceAdvanced Last(string text) => new(0, new GeneratedToken(1, text, -1, false), text)
    {
        End = new ChoiceEnd("stop", FinishDetail.EosToken, text, 1, new GenerationStats(default, default, default, default, default)),
        Usage = new TokenUsage(1, 1, 0),
    };

    private static Task<HttpResponseMessage> PostAsync(RunningServer server, string body)
        => server.Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Version = server.Client.DefaultRequestVersion, VersionPolicy = server.Client.DefaultVersionPolicy, Content = new StringContent(body, Encoding.UTF8, "application/json") },
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken);
}
