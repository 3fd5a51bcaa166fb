using System.Net;
using System.Net.Sockets;
using Konko.Server.Configuration;

namespace Konko.Server.Tests.Hosting;

/// <summary>Clients that take their time, or too many of them: they are let go, and nobody else notices.</summary>
public sealed class SlowClientTests
{
    private static readonly KonkoOptions s_options = new() { ClientTimeout = TimeSpan.FromSeconds(2) };

    [Theory]
    [InlineData("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")]
    [InlineData("POST /v1/chat/completions HTTP/1.1\r\nHost: loc")]
    public async Task Request_ThatStopsInTheMiddle_Is408AndEndsTheConnection(string request)
    {
        await using RunningServer server = await RunningServer.StartAsync(s_options);

        string answer = await RawHttp.SendAsync(server.Server.EndPoints[0], request, TimeSpan.FromMinutes(1));

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.Equal(200, (int)(await server.GetAsync("/livez")).StatusCode);
    }

    [Fact]
    public async Task Connection_BeyondTheLimit_IsClosedAndTheOthersAreAnswered()
    {
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { MaxConnections = 2 });
        IPEndPoint endPoint = server.Server.EndPoints[0];
        Assert.Equal(200, (int)(await server.GetAsync("/livez")).StatusCode);
        using var second = new TcpClient();
        await second.ConnectAsync(endPoint, TestContext.Current.CancellationToken);

        string third = await RawHttp.SendAsync(endPoint, "");

        Assert.Equal("", third);
        Assert.Equal(200, (int)(await server.GetAsync("/livez")).StatusCode);
    }
}
