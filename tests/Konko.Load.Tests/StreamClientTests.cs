using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Konko.Load.Tests;

public sealed class StreamClientTests
{
    private const string Role = """data: {"choices":[{"index":0,"delta":{"role":"assistant","content":null},"finish_reason":null}]}""";
    private const string Hello = """data: {"choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]}""";
    private const string Finish = """data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";
    private const string Usage = """data: {"choices":[],"usage":{"prompt_tokens":31,"completion_tokens":2,"total_tokens":33}}""";

    [Fact]
    public async Task Ask_WholeStream_CountsChunksOfTextAndBelievesTheUsage()
    {
        StreamRecord record = await AskAsync([Role, Hello, Hello, Finish, Usage, "data: [DONE]"]);

        Assert.Equal((StreamEnd.Done, 2, 2, 31), (record.End, record.Chunks.Count, record.Tokens, record.PromptTokens));
    }

    [Fact]
    public async Task Ask_FieldsWithoutABlank_AreRead() => Assert.Equal(StreamEnd.Done, (await AskAsync([Hello.Replace("data: ", "data:", StringComparison.Ordinal), "data:[DONE]"])).End);

    [Fact]
    public async Task Ask_StreamStops_IsCut() => Assert.Equal((StreamEnd.Cut, 1), ((await AskAsync([Role, Hello])).End, (await AskAsync([Role, Hello])).Chunks.Count));

    [Fact]
    public async Task Ask_ErrorInMidStream_IsAnError() => Assert.Equal(StreamEnd.Error, (await AskAsync([Hello, """data: {"error":{"message":"no"}}""", "data: [DONE]"])).End);

    [Fact]
    public async Task Ask_ClientLeaves_ReadsNoFurther() => Assert.Equal((StreamEnd.Vanished, 2), ((await AskAsync([Hello, Hello, Hello], leavesAfter: 2)).End, 2));

    [Theory]
    [InlineData(429, "Refused")]
    [InlineData(503, "Refused")]
    [InlineData(500, "Error")]
    public async Task Ask_Status_SaysWhetherThereWasRoom(int status, string end) => Assert.Equal(end, $"{(await AskAsync([], (HttpStatusCode)status)).End}");

    [Fact]
    public async Task Ask_NotJson_IsCutWithTheReason()
    {
        StreamRecord record = await AskAsync([Hello, "data: {"]);

        Assert.Equal(StreamEnd.Cut, record.End);
        Assert.NotNull(record.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")]
    public async Task Ask_ServerFallsSilent_IsGivenUp(string spoken)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var http = StreamClient.NewHttp();
        var options = new LoadOptions { Url = new Uri($"http://{silent.LocalEndpoint}/v1"), Timeout = TimeSpan.FromMilliseconds(200) };
        Task<StreamRecord> asked = new StreamClient(http, options).AskAsync(ChatRequest.Draw(new RequestShape(), 0), Stopwatch.GetTimestamp(), TestContext.Current.CancellationToken);
        using TcpClient taken = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await taken.GetStream().WriteAsync(Encoding.ASCII.GetBytes(spoken), TestContext.Current.CancellationToken);

        StreamRecord record = await asked;

        Assert.Equal((StreamEnd.Error, "not over after 0.2 s"), (record.End, record.Message));
    }

    private static async Task<StreamRecord> AskAsync(string[] lines, HttpStatusCode status = HttpStatusCode.OK, int? leavesAfter = null)
    {
        using var http = new HttpClient(new Canned(status, string.Join("\n\n", lines)));
        ChatRequest request = ChatRequest.Draw(new RequestShape(), 0) with { LeavesAfter = leavesAfter };
        return await new StreamClient(http, new LoadOptions()).AskAsync(request, Stopwatch.GetTimestamp(), TestContext.Current.CancellationToken);
    }

    private sealed class Canned(HttpStatusCode status, string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(Send(request, cancellationToken));

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("http://localhost:5080/v1/chat/completions", request.RequestUri!.ToString());
            return new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "text/event-stream") };
        }
    }
}
