using Konko.FaultHost;
using Konko.Live.Tests;
using Konko.Server;
using Konko.Server.Configuration;

// One for all tests: what the environment names is one.
[assembly: AssemblyFixture(typeof(LiveServers))]

namespace Konko.Live.Tests;

/// <summary>A server of the clone's models and one whose model fails, on loopback sockets. The first is the one that the environment names.</summary>
public sealed class LiveServers : IAsyncLifetime
{
    public const string ChatModel = "huggingfacetb/smollm2-135m-instruct";
    public const string EmbeddingModel = "sentence-transformers/all-minilm-l6-v2";

    private const string Variable = "KONKO_BASE_URL";

    private KonkoServer _server = null!;

    public Uri Url { get; private set; } = null!;

    internal FaultServer Fault { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _server = KonkoServer.Create(new KonkoOptions
        {
            Port = 0,
            // The samples ask for no length, and a small model likes to talk.
            MaxTokensDefault = 60,
            Aliases = new Dictionary<string, string> { ["mistralai/mistral-7b-instruct-v0.1"] = ChatModel, ["my-org/my-model"] = ChatModel },
        });
        await _server.StartAsync();
        await _server.Loading;
        Url = new Uri($"http://127.0.0.1:{_server.EndPoints[0].Port}");
        Environment.SetEnvironmentVariable(Variable, Url.AbsoluteUri);
        Fault = await FaultServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        await Fault.DisposeAsync();
        await _server.StopAsync();
        await _server.DisposeAsync();
    }
}
