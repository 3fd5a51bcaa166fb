using System.ClientModel;
using System.ClientModel.Primitives;
using Konko.FaultHost;
using Konko.Server;
using Konko.Server.Configuration;
using OpenAI;
using OpenAI.Responses;

namespace Konko.Clients.Tests;

/// <summary>A server of the clone's models and one whose model fails, on loopback sockets, and OpenAI's own clients for both.</summary>
public sealed class ClientServers : IAsyncLifetime
{
    public const string ChatModel = "huggingfacetb/smollm2-135m-instruct";
    public const string EmbeddingModel = "sentence-transformers/all-minilm-l6-v2";

    private static readonly ApiKeyCredential s_key = new("any");

    private KonkoServer _server = null!;

    public Uri Url { get; private set; } = null!;

    public OpenAIClient Client { get; private set; } = null!;

    public OpenAIClient Broken { get; private set; } = null!;

    internal FaultServer Fault { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _server = KonkoServer.Create(new KonkoOptions { Port = 0 });
        await _server.StartAsync();
        await _server.Loading;
        Url = new Uri($"http://127.0.0.1:{_server.EndPoints[0].Port}");
        Fault = await FaultServer.StartAsync();
        (Client, Broken) = (Of(Url), Of(Fault.Url));
    }

    public async ValueTask DisposeAsync()
    {
        await Fault.DisposeAsync();
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    /// <summary>The client for responses, of the server that answers or of the one that fails.</summary>
    public ResponsesClient Responses(bool broken = false) => new(s_key, new ResponsesClientOptions { Endpoint = new Uri(broken ? Fault.Url : Url, "/v1"), RetryPolicy = new ClientRetryPolicy(0) });

    /// <summary>Waits until the model has given up an answer that nobody wants any more.</summary>
    public async Task GivenUpAsync(int before)
    {
        while (Fault.Provider.Stopped == before) await Task.Delay(5, TestContext.Current.CancellationToken);
    }

    private static OpenAIClient Of(Uri url) => new(s_key, new OpenAIClientOptions { Endpoint = new Uri(url, "/v1"), RetryPolicy = new ClientRetryPolicy(0) });
}
