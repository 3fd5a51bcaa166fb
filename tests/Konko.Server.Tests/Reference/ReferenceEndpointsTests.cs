using System.Text.Json;
using System.Text.RegularExpressions;
using Konko.Server.Configuration;
using Konko.Server.Tests.Hosting;

namespace Konko.Server.Tests.Reference;

public sealed partial class ReferenceEndpointsTests
{
    [Fact]
    public async Task Document_Served_IsTheCommittedOne()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using HttpResponseMessage response = await server.GetAsync("/openapi/v1.json");
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(
            await File.ReadAllBytesAsync(Repository.File("docs", "reference", "openapi.json"), TestContext.Current.CancellationToken),
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Docs_Page_ShowsEverythingAndTakesNothingFromElsewhere()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using HttpResponseMessage response = await server.GetAsync("/docs");
        string page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.DoesNotMatch(Elsewhere(), page);
        Assert.DoesNotMatch("[{](nav|introduction|operations|schemas)[}]", page);
        string[] anchors = [.. Anchor().Matches(page).Select(match => match.Groups[1].Value)];
        Assert.Equal(anchors.Length, anchors.Distinct().Count());
        Assert.Empty(Link().Matches(page).Select(match => match.Groups[1].Value).Except(anchors));
        foreach (Operation operation in Operations.All) Assert.Contains(operation.Id, anchors);
        foreach (string said in (string[])["data: [DONE]", "at least <code>0</code>, at most <code>2</code>, default <code>1</code>", "huggingfacetb/smollm2-135m-instruct"])
            Assert.Contains(said, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Docs_WhatThePageNames_IsServedByTheProgramItself()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string page = await (await server.GetAsync("/docs")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        string[] named = [.. Address().Matches(page).Select(match => match.Groups[1].Value).Where(address => address[0] != '#').Distinct()];
        Assert.Contains("/openapi/v1.json", named);
        foreach (string address in named)
        {
            // A path of this server, and not //somewhere.
            Assert.Matches("^/(?!/)", address);
            using HttpResponseMessage response = await server.GetAsync(address);
            Assert.True(response.IsSuccessStatusCode, address);
        }

        using var document = JsonDocument.Parse(await (await server.GetAsync("/openapi/v1.json")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("3.1", document.RootElement.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        string[] titles = [.. document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Where(method => method.Name != "head").Select(method => method.Value.GetProperty("summary").GetString()!)];
        Assert.Equal(titles.Length, titles.Distinct().Count());
    }

    [Theory]
    [InlineData("/docs", null, null, 200)]
    [InlineData("/openapi/v1.json", null, null, 200)]
    [InlineData("/docs", null, "203.0.113.7", 401)]
    [InlineData("/openapi/v1.json", null, "203.0.113.7", 401)]
    [InlineData("/docs", "Bearer ko-1", "203.0.113.7", 200)]
    [InlineData("/v1/models", null, null, 401)]
    public async Task Key_OnLoopbackOrBehindAProxy_IsNeededOnlyThere(string path, string? authorization, string? forwardedFor, int status)
    {
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { Keys = ["ko-1"] });
        List<(string, string)> headers = [];
        if (authorization is not null) headers.Add(("Authorization", authorization));
        if (forwardedFor is not null) headers.Add(("X-Forwarded-For", forwardedFor));
        Assert.Equal(status, (int)(await server.GetAsync(path, [.. headers])).StatusCode);
    }

    // Whatever a browser would fetch by itself; links that a reader may follow stay within the page or the server.
    [GeneratedRegex("<(script|link|img|iframe|object|embed|video|audio|form|base)\\b|@import|url\\(|href=\"(?![#/])|\\bon[a-z]+=\"")]
    private static partial Regex Elsewhere();

    [GeneratedRegex(" id=\"([^\"]+)\"")]
    private static partial Regex Anchor();

    [GeneratedRegex("(?:href|src|srcset|action|data)=\"([^\"]+)\"")]
    private static partial Regex Address();

    [GeneratedRegex("href=\"#([^\"]+)\"")]
    private static partial Regex Link();
}
