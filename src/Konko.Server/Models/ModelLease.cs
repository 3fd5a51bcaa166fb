namespace Konko.Server.Models;

/// <summary>Keeps a model in memory until it is disposed of; what is done twice is done once.</summary>
internal sealed class ModelLease(LoadedModel model, Action release) : IDisposable
{
    private Action? _release = release;

    /// <summary>The model.</summary>
    public LoadedModel Model => model;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
