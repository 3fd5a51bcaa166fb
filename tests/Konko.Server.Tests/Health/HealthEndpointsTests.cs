using System.Text.Json;
using Konko.Server.Tests.Hosting;

namespace Konko.Server.Tests.Health;

public sealed class HealthEndpointsTests
{
    [Fact]
    public async Task Readiness_ModelsLoading_FollowsThem()
    {
        var loader = new ScriptedLoader();
        await using RunningServer server = await RunningServer.StartAsync(loader: loader);

        HttpResponseMessage loading = await server.GetAsync("/readyz");
        Assert.Equal("server_error", (await RunningServer.ErrorAsync(loading, 503)).GetProperty("type").GetString());
        Assert.Equal("1", loading.Headers.RetryAfter!.ToString());
        await RunningServer.ErrorAsync(await server.GetAsync("/health"), 503);
        Assert.Equal(200, (int)(await server.GetAsync("/livez")).StatusCode);

        loader.Finish();
        await server.Server.Loading;
        foreach (string path in (string[])["/readyz", "/health", "/livez"])
        {
            using HttpResponseMessage ready = await server.GetAsync(path);
            Assert.Equal(200, (int)ready.StatusCode);
            Assert.Equal("ok", (await RunningServer.JsonAsync(ready)).GetProperty("status").GetString());
        }
    }

    [Fact]
    public async Task Readiness_ModelThatCannotBeLoaded_StaysAway()
    {
        var loader = new ScriptedLoader();
        await using RunningServer server = await RunningServer.StartAsync(loader: loader);

        loader.Fail("the file is damaged: secret path");
        await Assert.ThrowsAnyAsync<Exception>(() => server.Server.Loading);

        JsonElement error = await RunningServer.ErrorAsync(await server.GetAsync("/readyz"), 503);
        Assert.Equal("A model could not be loaded; the server's log says why.", error.GetProperty("message").GetString());
        Assert.Equal("failed", (await RunningServer.JsonAsync(await server.GetAsync("/v1/models/org/tiny"))).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/")]
    public async Task Head_AnyState_IsAnsweredWithoutABody(string path)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        using HttpResponseMessage response = await server.SendAsync(HttpMethod.Head, path);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.NotEqual(0, response.Content.Headers.ContentLength);
    }
}
