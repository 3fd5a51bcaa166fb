using Konko.Engine;
using Konko.Server.Providers.Local;
using Microsoft.Extensions.Logging.Abstractions;

namespace Konko.Server.Tests.Support;

/// <summary>The answering endpoints over the embedded engine.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private readonly LocalModel _model;

    private EngineHost(LocalModel model, ApiHost api) => (_model, Api) = (model, api);

    public ApiHost Api { get; }

    /// <summary>Pages of the KV cache that requests hold now.</summary>
    public int PagesInUse => _model.Scheduler.Statistics.Kv.Used;

    public static async Task<EngineHost> StartAsync(string modelFile)
    {
        LocalModel model = await LocalModel.LoadAsync(modelFile, new LocalModelOptions { MaxQueued = 1024, KvBytes = 1L << 30 }, TimeProvider.System);
        return new EngineHost(model, await ApiHost.StartAsync(new LocalProvider(model, TimeProvider.System, NullLogger<LocalProvider>.Instance)));
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await _model.DisposeAsync();
    }
}
