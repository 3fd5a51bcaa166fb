using Konko.Cli.Running;
using Konko.Cli.Tests.Support;

namespace Konko.Cli.Tests.Running;

public sealed class FailuresTests
{
    [Theory]
    [InlineData(400, ExitCodes.Usage)]
    [InlineData(401, ExitCodes.Denied)]
    [InlineData(403, ExitCodes.Denied)]
    [InlineData(404, ExitCodes.Usage)]
    [InlineData(429, ExitCodes.Denied)]
    [InlineData(500, ExitCodes.Failure)]
    [InlineData(503, ExitCodes.Failure)]
    public async Task ExitCode_StatusOfTheServer_TellsWhoseFaultItIs(int status, int expected)
    {
        await using var server = new FakeServer(_ => new FakeAnswer(["""{"error":{"message":"No.","type":"x","param":null,"code":null}}"""]) { Status = status });
        using var client = new KonkoClient(new KonkoClientOptions { BaseUrl = new Uri(server.Url), MaxRetries = 0 });
        KonkoApiException failure = await Assert.ThrowsAsync<KonkoApiException>(() => client.Chat.Completions.CreateAsync("m", [("user", "x")], cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(expected, Failures.ExitCode(failure));
        Assert.Equal("No. (request req-1)", Failures.Describe(failure));
    }

    [Theory]
    [InlineData("Must be less.", "temperature: Must be less. (request req-1)")]
    [InlineData("'temperature' must be less.", "'temperature' must be less. (request req-1)")]
    public async Task Describe_Parameter_IsNamedOnce(string message, string expected)
    {
        await using var server = new FakeServer(_ => new FakeAnswer(["""{"error":{"message":"MESSAGE","type":"x","param":"temperature","code":null}}""".Replace("MESSAGE", message, StringComparison.Ordinal)]) { Status = 400 });
        using var client = new KonkoClient(new KonkoClientOptions { BaseUrl = new Uri(server.Url), MaxRetries = 0 });
        KonkoApiException failure = await Assert.ThrowsAsync<KonkoApiException>(() => client.Chat.Completions.CreateAsync("m", [("user", "x")], cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(expected, Failures.Describe(failure));
    }

    [Fact]
    public void IsExpected_Bug_IsNot() => Assert.False(Failures.IsExpected(new InvalidOperationException()));
}
