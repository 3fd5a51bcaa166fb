using Konko.Server;
using Konko.Server.Configuration;
using Konko.Server.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Konko.FaultHost;

/// <summary>A real server whose one model, <see cref="Model"/>, does what its prompts say: fail in the midst of an answer, refuse, never end.</summary>
internal sealed class FaultServer : IAsyncDisposable
{
    public const string Model = "test/fault";

    private readonly KonkoServer _server;
    private readonly string _file;

    private FaultServer(KonkoServer server, string file, FaultProvider provider)
    {
        (_server, _file, Provider) = (server, file, provider);
        Url = new Uri($"http://127.0.0.1:{server.EndPoints[0].Port}");
    }

    public Uri Url { get; }

    public FaultProvider Provider { get; }

    public static async Task<FaultServer> StartAsync(int port = 0)
    {
        string file = Path.GetTempFileName();
        var provider = new FaultProvider();
        var options = new KonkoOptions { Port = port, Models = [new ModelOptions { Path = file, Id = Model }] };
        KonkoServer server = KonkoServer.Create(options, services => services.AddSingleton<IModelLoader>(new FaultLoader(provider)));
        await server.StartAsync();
        await server.Loading;
        return new FaultServer(server, file, provider);
    }

    public Task WaitForShutdownAsync() => _server.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
        File.Delete(_file);
    }

    private sealed class FaultLoader(FaultProvider provider) : IModelLoader
    {
        public ModelFile Read(ModelOptions model) => new()
        {
            Metadata = new ModelMetadata { IsChat = true, IsText = true, IsEmbedding = false, Quantization = "F32", Capabilities = ["chat", "completions"], MaxContextLength = 8192 },
            ContextLength = 8192,
            WeightBytes = 1000,
            BufferBytes = 100,
        };

        public Task<LoadedModel> LoadAsync(ModelOptions model, ModelPlan plan, CancellationToken cancellationToken)
            => Task.FromResult(new LoadedModel { Provider = provider, Fingerprint = "fp_fault", ContextLength = 2048 });
    }
}
