using Konko.Engine;
using Konko.Server.Providers.Local;
using Microsoft.Extensions.Logging.Abstractions;

namespace Konko.Server.Tests.Support;

/// <summary>The embedded model with a short context, loaded once for all tests of an assembly.</summary>
public sealed class SmallModel : IAsyncLifetime
{
    public const int Context = 160;

    internal LocalModel Model { get; private set; } = null!;

    internal LocalProvider Provider { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Model = await LoadAsync(new LocalModelOptions { ContextLength = Context });
        Provider = new LocalProvider(Model, TimeProvider.System, NullLogger<LocalProvider>.Instance);
    }

    public ValueTask DisposeAsync() => Model.DisposeAsync();

    internal static Task<LocalModel> LoadAsync(LocalModelOptions options) => LocalModel.LoadAsync(Repository.SmolLM2, options, TimeProvider.System);
}
