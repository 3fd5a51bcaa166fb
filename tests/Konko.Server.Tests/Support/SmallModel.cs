using Konko.Engine;
using Konko.Server.Providers.Local;
using Microsoft.Extensions.Logging.Abstractions;

namespace Konko.Server.Tests.Support;

/// <summary>The embedded model with a short context, loaded once for all tests of an assembly.</summary>
public sealed class SmallModel : IAsyncDisposable
{
    public const int Context = 160;

    public SmallModel() => Provider = new LocalProvider(Model, TimeProvider.System, NullLogger<LocalProvider>.Instance);

    internal LocalModel Model { get; } = Load(new LocalModelOptions { ContextLength = Context });

    internal LocalProvider Provider { get; }

    internal static LocalModel Load(LocalModelOptions options) => LocalModel.Load(Repository.SmolLM2, options, TimeProvider.System);

    public ValueTask DisposeAsync() => Model.DisposeAsync();
}
