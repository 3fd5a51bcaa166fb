using System.Text.Json;
using Konko.Server.Configuration;
using Konko.Server.Tests.Hosting;

namespace Konko.Server.Tests.Keys;

public sealed class KeyTests
{
    private static readonly KonkoOptions s_twoKeys = new() { Keys = ["ko-first", "any opaque".Replace(' ', '~')] };

    [Theory]
    [InlineData("Bearer ko-first")]
    [InlineData("bearer  ko-first ")]
    [InlineData("Bearer any~opaque")]
    public async Task Call_WithAConfiguredKey_IsAnswered(string authorization)
    {
        await using RunningServer server = await RunningServer.StartAsync(s_twoKeys);

        using HttpResponseMessage response = await server.GetAsync("/v1/models", ("Authorization", authorization));

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(null, "/v1/models")]
    [InlineData("Bearer ko-firs", "/v1/models")]
    [InlineData("Bearer ko-first1", "/v1/models")]
    [InlineData("Bearer KO-FIRST", "/v1/models")]
    [InlineData("Bearer", "/v1/models")]
    [InlineData("Bearer ", "/v1/models")]
    [InlineData("Basic a28tZmlyc3Q=", "/v1/models")]
    [InlineData("ko-first", "/v1/models")]
    [InlineData(null, "/v1/models/org/tiny")]
    [InlineData(null, "/v1/nothing")]
    [InlineData(null, "/nothing")]
    public async Task Call_WithoutAConfiguredKey_Is401(string? authorization, string path)
    {
        await using RunningServer server = await RunningServer.StartAsync(s_twoKeys);

        using HttpResponseMessage response = authorization is null ? await server.GetAsync(path) : await server.GetAsync(path, ("Authorization", authorization));

        JsonElement error = await RunningServer.ErrorAsync(response, 401);
        Assert.Equal("invalid_api_key", error.GetProperty("code").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.DoesNotContain("ko-", error.GetProperty("message").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/health")]
    [InlineData("/")]
    public async Task Call_ToAnOpenPath_NeedsNoKey(string path)
    {
        await using RunningServer server = await RunningServer.StartAsync(s_twoKeys);

        using HttpResponseMessage response = await server.GetAsync(path);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.DoesNotContain("org/tiny", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer whatever")]
    public async Task Call_WithoutConfiguredKeys_TakesAnyKeyOrNone(string? authorization)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        using HttpResponseMessage response = authorization is null ? await server.GetAsync("/v1/models") : await server.GetAsync("/v1/models", ("Authorization", authorization));

        Assert.Equal(200, (int)response.StatusCode);
    }
}
