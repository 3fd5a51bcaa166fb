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

    /// <summary>The key of the server that asks for one.</summary>
    public const string Key = "the-right-key";

    /// <summary>What it takes; a body of twice as much is sent whole before the refusal ends the connection.</summary>
    public const int BodyLimit = 1 << 15;

    private KonkoServer _server = null!;
    private KonkoServer? _keyed;

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
        if (_keyed is not null)
        {
            await _keyed.StopAsync();
            await _keyed.DisposeAsync();
        }

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

    /// <summary>A client of a server that asks for a key and takes small bodies.</summary>
    public async Task<OpenAIClient> KeyedAsync(string key)
    {
        if (_keyed is null)
        {
            _keyed = KonkoServer.Create(new KonkoOptions { Port = 0, Keys = [Key], BodyLimitBytes = BodyLimit });
            await _keyed.StartAsync();
            await _keyed.Loading;
        }

        return Of(new Uri($"http://127.0.0.1:{_keyed.EndPoints[0].Port}"), new ApiKeyCredential(key));
    }

    private static OpenAIClient Of(Uri url, ApiKeyCredential? key = null) => new(key ?? s_key, new OpenAIClientOptions { Endpoint = new Uri(url, "/v1"), RetryPolicy = new ClientRetryPolicy(0) });
}
