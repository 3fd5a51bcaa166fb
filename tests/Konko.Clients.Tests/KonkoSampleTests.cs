using Konko.Server;
using Konko.Server.Configuration;
using Konko.Tests.Samples;

namespace Konko.Clients.Tests;

/// <summary>The samples of the SDK's README, each run as it stands against a real server.</summary>
public sealed class KonkoSampleTests : IAsyncLifetime
{
    private KonkoServer _server = null!;

    public static TheoryData<int> Numbers => [.. Sample.All.Select(sample => sample.Number)];

    public async ValueTask InitializeAsync()
    {
        _server = KonkoServer.Create(new KonkoOptions
        {
            Port = 0,
            MaxTokensDefault = 60,
            Aliases = new Dictionary<string, string> { ["mistralai/mistral-7b-instruct-v0.1"] = ClientServers.ChatModel, ["my-org/my-model"] = ClientServers.ChatModel },
        });
        await _server.StartAsync();
        await _server.Loading;
        Environment.SetEnvironmentVariable("KONKO_BASE_URL", $"http://127.0.0.1:{_server.EndPoints[0].Port}/v1");
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("KONKO_BASE_URL", null);
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public Task Sample_AgainstARealServer_Runs(int number) => Sample.All[number - 1].RunAsync();
}
