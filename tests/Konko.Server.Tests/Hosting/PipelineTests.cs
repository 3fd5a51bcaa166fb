using System.Text;
using System.Text.Json;
using Konko.Server.Configuration;

namespace Konko.Server.Tests.Hosting;

public sealed class PipelineTests
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost:5080")]
    [InlineData("LOCALHOST.:1")]
    [InlineData("app.localhost")]
    [InlineData("127.0.0.1:5080")]
    [InlineData("192.168.1.7")]
    [InlineData("[::1]:5080")]
    [InlineData("konko.lan:80")]
    public async Task Host_LoopbackNameAddressOrAllowedName_IsAnswered(string host)
    {
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { AllowedHosts = ["Konko.LAN"] });

        using HttpResponseMessage response = await server.GetAsync("/v1/models", ("Host", host));

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("notlocalhost")]
    [InlineData("127.0.0.1.evil.example")]
    public async Task Host_NameOfSomebodyElseWithoutKeys_Is403(string host)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        JsonElement error = await RunningServer.ErrorAsync(await server.GetAsync("/v1/models", ("Host", host)), 403);

        Assert.Equal("permission_error", error.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Host_AnyNameWithKeys_IsAnswered()
    {
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { Keys = ["ko-1"] });

        using HttpResponseMessage response = await server.GetAsync("/v1/models", ("Host", "api.example"), ("Authorization", "Bearer ko-1"));

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("http://localhost:3000")]
    [InlineData("https://127.0.0.1")]
    [InlineData("http://[::1]:8080")]
    [InlineData("http://app.localhost")]
    [InlineData("https://app.example")]
    public async Task Preflight_AllowedOrigin_NeedsNoKeyAndEchoesTheHeaders(string origin)
    {
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { Keys = ["ko-1"], CorsOrigins = ["https://app.example"] });

        using HttpResponseMessage response = await server.SendAsync(
            HttpMethod.Options, "/v1/chat/completions",
            ("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type,x-stainless-os"));

        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal(origin, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("authorization,content-type,x-stainless-os", string.Join(",", response.Headers.GetValues("Access-Control-Allow-Headers")));
        Assert.Contains("POST", string.Join(",", response.Headers.GetValues("Access-Control-Allow-Methods")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://localhost.evil.example")]
    [InlineData("https://app.example:8443")]
    [InlineData("file://localhost")]
    [InlineData("null")]
    public async Task Cors_OtherOrigin_GetsNoLeave(string origin)
    {
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { CorsOrigins = ["https://app.example"] });

        using HttpResponseMessage preflight = await server.SendAsync(HttpMethod.Options, "/v1/models", ("Origin", origin), ("Access-Control-Request-Method", "GET"));
        using HttpResponseMessage call = await server.GetAsync("/v1/models", ("Origin", origin));

        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(call.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("/v1/models", null, 200)]
    [InlineData("/v1/models", "Bearer wrong", 200)]
    [InlineData("/v1/nothing", null, 404)]
    public async Task Cors_AllowedOrigin_MayReadTheHeadersOfAnyAnswer(string path, string? authorization, int status)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        using HttpResponseMessage response = await server.GetAsync(path, [("Origin", "http://localhost:3000"), .. authorization is null ? [] : new[] { ("Authorization", authorization) }]);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("http://localhost:3000", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        string exposed = string.Join(",", response.Headers.GetValues("Access-Control-Expose-Headers"));
        foreach (string header in (string[])["x-request-id", "retry-after", "x-ratelimit-remaining-tokens", "x-konko-seed", "x-konko-model"])
        {
            Assert.Contains(header, exposed, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Cors_RefusedKey_CanBeReadByThePage()
    {
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { Keys = ["ko-1"] });

        using HttpResponseMessage response = await server.GetAsync("/v1/models", ("Origin", "http://localhost:3000"));

        await RunningServer.ErrorAsync(response, 401);
        Assert.True(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("/v1/nothing")]
    [InlineData("/v1")]
    [InlineData("/chat/completions")]
    [InlineData("/v1/modelsx")]
    [InlineData("/favicon.ico")]
    public async Task Request_UnknownPath_Is404WithTheErrorObject(string path)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        JsonElement error = await RunningServer.ErrorAsync(await server.GetAsync(path), 404);

        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("POST", "/v1/models", "GET")]
    [InlineData("DELETE", "/v1/models/org/tiny", "GET")]
    [InlineData("POST", "/livez", "GET, HEAD")]
    [InlineData("OPTIONS", "/v1/models", "GET")]
    [InlineData("BREW", "/v1/models", "GET")]
    public async Task Request_WrongMethod_Is405AndNamesTheRightOnes(string method, string path, string allow)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        using HttpResponseMessage response = await server.SendAsync(new HttpMethod(method), path);

        JsonElement error = await RunningServer.ErrorAsync(response, 405);
        Assert.Equal(allow, string.Join(", ", response.Content.Headers.Allow));
        Assert.Equal($"{method} is not allowed for {path}; use {allow}.", error.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("X-Request-Id", "abc-123", true)]
    [InlineData("X-Client-Request-Id", "client.7", true)]
    [InlineData("X-Request-Id", "two words", false)]
    [InlineData("X-Request-Id", "<script>", false)]
    [InlineData("X-Request-Id", "", false)]
    public async Task RequestId_OfTheCaller_IsEchoedWhereItIsSane(string header, string value, bool echoed)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        using HttpResponseMessage response = await server.GetAsync("/v1/models", (header, value));

        string id = Assert.Single(response.Headers.GetValues("x-request-id"));
        if (echoed) Assert.Equal(value, id);
        else Assert.True(Guid.TryParseExact(id, "N", out _));
        Assert.True(long.Parse(Assert.Single(response.Headers.GetValues("openai-processing-ms")), System.Globalization.CultureInfo.InvariantCulture) >= 0);
    }

    [Fact]
    public async Task RequestId_TooLong_IsReplaced()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        using HttpResponseMessage response = await server.GetAsync("/v1/models", ("X-Request-Id", new string('a', 129)));

        Assert.Equal(32, Assert.Single(response.Headers.GetValues("x-request-id")).Length);
    }

    [Fact]
    public async Task Landing_AnyHost_ShowsTheAddressAndTheModelWithoutTrustingTheHost()
    {
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { NoAuth = true, AllowedHosts = ["konko.lan"] });

        string page = await (await server.GetAsync("/", ("Host", "konko.lan:81"))).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("curl -N http://konko.lan:81/v1/chat/completions", page, StringComparison.Ordinal);
        Assert.Contains("\"model\": \"org/tiny\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("{", page[page.IndexOf("<body>", StringComparison.Ordinal)..page.IndexOf("<pre>", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyPathAndHeaders_Fuzzed_AreAnsweredWell()
    {
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { Keys = ["ko-1"] });
        var random = new Random(20240131);
        const string alphabet = "/abv1modelsz%2Ff%00%ff..?&=#;:@~+*'\"<>{}|\\^[]é漢 \t";
        string[] headers = ["Authorization", "Origin", "X-Request-Id", "Host", "Accept", "Content-Type", "Access-Control-Request-Method", "Access-Control-Request-Headers", "Cookie"];
        string[] methods = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"];
        for (int i = GateScale.Of(300, 20_000); i > 0; i--)
        {
            string path = "/" + Text(random.Next(40));
            if (random.Next(2) == 0) path = "/v1/models/" + path;
            var request = new StringBuilder().Append(methods[random.Next(methods.Length)]).Append(' ').Append(Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal)).Append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
            if (random.Next(4) > 0) request.Append("Authorization: Bearer ko-1\r\n");
            for (int h = random.Next(4); h > 0; h--) request.Append(headers[random.Next(headers.Length)]).Append(": ").Append(Text(random.Next(30))).Append("\r\n");
            if (random.Next(3) == 0) request.Append("Content-Length: 2\r\n\r\n{}");
            else request.Append("\r\n");

            string answer = await RawHttp.SendAsync(server.Server.EndPoints[0], request.ToString());

            Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
            int status = int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(status, 200, 499);
            int body = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
            if (status >= 400 && body < answer.Length) Assert.StartsWith("{\"error\":{\"message\":", answer[body..], StringComparison.Ordinal);
        }

        string Text(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[random.Next(alphabet.Length)]));
    }
}
