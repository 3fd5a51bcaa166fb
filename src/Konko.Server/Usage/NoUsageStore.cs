namespace Konko.Server.Usage;

/// <summary>Keeps nothing, where there is no folder for it.</summary>
internal sealed class NoUsageStore : IUsageStore
{
    public Task OpenAsync(IReadOnlyCollection<string> resumable, long at, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task WriteAsync(IReadOnlyList<UsageChange> changes, CancellationToken cancellationToken) => Task.CompletedTask;
}
