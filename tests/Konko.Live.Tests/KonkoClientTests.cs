using System.Text.Json.Serialization;

namespace Konko.Live.Tests;

/// <summary>Konko's own SDK, against a real server and one whose model fails.</summary>
public sealed partial class KonkoClientTests(LiveServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_StreamedAndWhole_AreTheSame(bool resumable)
    {
        using KonkoClient konko = Client(servers.Url);
        var request = new ChatRequest { Model = LiveServers.ChatModel, Messages = [("user", "Name three colours of the rainbow.")], MaxTokens = 40, Temperature = 0.7, Seed = 11, N = 2, Logprobs = true };
        ChatCompletion whole = await konko.Chat.Completions.CreateAsync(request, Token);
        ChatCompletion folded = await konko.ChatCompletion.CreateStreaming(request with { Resumable = resumable }, Token).ToCompletionAsync(Token);
        string Steady(ChatCompletion answer) => (answer with { Id = "", Created = 0, Usage = null }).ToString();
        Assert.Equal(Steady(whole), Steady(folded));
        Assert.Equal(whole.Usage!.TotalTokens, folded.Usage!.TotalTokens);
        Assert.Equal("11", whole.Response!.Header("x-konko-seed"));
    }

    /// <summary>Each event costs about 560 bytes: every connection breaks in the midst of its eighth or so.</summary>
    [Fact]
    public async Task Resumable_NetworkBreaksAgainAndAgain_IsTheWholeAnswer()
    {
        using var network = new CuttingHandler(bytes: 4500);
        using var http = new HttpClient(network) { Timeout = Timeout.InfiniteTimeSpan };
        using var konko = new KonkoClient(new KonkoClientOptions { BaseUrl = servers.Url, HttpClient = http });
        using KonkoClient sound = Client(servers.Url);
        var request = new ChatRequest { Model = LiveServers.ChatModel, Messages = [("user", "Tell me a story.")], MaxTokens = 30, Seed = 5, Resumable = true };
        ChatCompletion mended = await konko.ChatCompletion.CreateStreaming(request, Token).ToCompletionAsync(Token);
        Assert.InRange(network.Cuts, 2, 8);
        Assert.Equal((await sound.ChatCompletion.CreateAsync(request, Token)).Text, mended.Text);
    }

    [Fact]
    public async Task Complete_Type_IsWhatItsSchemaSays()
    {
        using KonkoClient konko = Client(servers.Url);
        Colour colour = await konko.Chat(LiveServers.ChatModel, temperature: 0, maxTokens: 200).CompleteAsync("Describe the colour of the sky.", Types.Default.Colour, Token);
        Assert.InRange((int)colour.Shade, 0, 1);
    }

    [Fact]
    public async Task OtherEndpoints_RealServer_Answer()
    {
        using KonkoClient konko = Client(servers.Url);
        Assert.Contains(await konko.Models.ListAsync(Token), model => model.Id == LiveServers.ChatModel);
        Assert.True((await konko.Models.RetrieveAsync(LiveServers.ChatModel, Token)).IsChat);
        Assert.Equal(384, (await konko.Embeddings.CreateAsync(LiveServers.EmbeddingModel, "a cat", Token)).Vector.Length);
        Tokenization tokens = await konko.Tokens.TokenizeAsync(LiveServers.ChatModel, "Hello, world", addSpecialTokens: false, cancellationToken: Token);
        Assert.Equal("Hello, world", await konko.Tokens.DetokenizeAsync(LiveServers.ChatModel, tokens.Tokens, Token));
        Completion whole = await konko.Completions.CreateAsync(LiveServers.ChatModel, "Once upon a time", maxTokens: 8, seed: 3, cancellationToken: Token);
        string text = "";
        await foreach (CompletionChunk chunk in konko.Completions.CreateStreaming(LiveServers.ChatModel, "Once upon a time", maxTokens: 8, seed: 3, cancellationToken: Token)) text += chunk.Text;
        Assert.Equal(whole.Text, text);
    }

    [Theory]
    [InlineData("fail after 3")]
    [InlineData("fail after 0")]
    [InlineData("throw after 3")]
    [InlineData("vanish after 3")]
    [InlineData("fail in a call")]
    public async Task Stream_Breaks_Throws(string fault)
    {
        using KonkoClient konko = Client(servers.Fault.Url);
        await Assert.ThrowsAsync<KonkoStreamException>(() => konko.ChatCompletion.CreateStreaming(FaultHost.FaultServer.Model, [("user", fault)], cancellationToken: Token).ToCompletionAsync(Token));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Request_Refused_ThrowsItsStatus(int status)
    {
        using KonkoClient konko = Client(servers.Fault.Url);
        KonkoApiException refused = await Assert.ThrowsAsync<KonkoApiException>(() => konko.ChatCompletion.CreateAsync(FaultHost.FaultServer.Model, [("user", $"refuse {status}")], cancellationToken: Token));
        Assert.Equal(status, refused.Status);
        Assert.NotNull(refused.RequestId);
    }

    [Fact]
    public async Task Stream_Left_StopsTheWork()
    {
        int before = servers.Fault.Provider.Stopped;
        using KonkoClient konko = Client(servers.Fault.Url);
        await foreach (ChatCompletionChunk _ in konko.ChatCompletion.CreateStreaming(FaultHost.FaultServer.Model, [("user", "go on")], cancellationToken: Token)) break;
        while (servers.Fault.Provider.Stopped == before) await Task.Delay(5, Token);
    }

    [Fact]
    public async Task Connection_NobodyListens_Throws()
    {
        using KonkoClient konko = Client(new Uri("http://127.0.0.1:1"));
        await Assert.ThrowsAsync<KonkoConnectionException>(() => konko.Models.ListAsync(Token));
    }

    private static KonkoClient Client(Uri url) => new(new KonkoClientOptions { BaseUrl = url, MaxRetries = 0 });

    internal enum Shade
    {
        Light,
        Dark,
    }

    internal sealed record Colour(Shade Shade);

    [JsonSourceGenerationOptions(UseStringEnumConverter = true)]
    [JsonSerializable(typeof(Colour))]
    internal sealed partial class Types : JsonSerializerContext;
}
