using Konko.Engine;
using Konko.Server.Providers.Local;
using Microsoft.Extensions.Logging.Abstractions;

namespace Konko.Server.Tests.Support;

/// <summary>The embedded model with a short context, loaded once for all tests of the assembly.</summary>
public sealed class SmallModel : IAsyncLifetime
{
    public const int Context = 160;

    private LocalModel? _model;

    internal LocalProvider Provider { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _model = await LoadAsync(new LocalModelOptions { ContextLength = Context });
        Provider = ProviderOf(_model);
    }

    public ValueTask DisposeAsync() => _model?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal static Task<LocalModel> LoadAsync(LocalModelOptions options)
        => LocalModel.LoadAsync(Repository.SmolLM2, options, TimeProvider.System, TestContext.Current.CancellationToken);

    internal static LocalProvider ProviderOf(LocalModel model) => new(model, TimeProvider.System, NullLogger<LocalProvider>.Instance);
}
