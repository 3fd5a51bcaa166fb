namespace Konko.Server.Usage;

/// <summary>Where usage is written down; a database server can take the place of the file.</summary>
internal interface IUsageStore
{
    /// <summary>Makes it ready, and settles as interrupted what an earlier server left open.</summary>
    /// <param name="resumable">Ids of answers that may still be gone on with, and stay open.</param>
    /// <param name="at">Milliseconds since 1970.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task OpenAsync(IReadOnlyCollection<string> resumable, long at, CancellationToken cancellationToken);

    /// <summary>Writes changes down, all or none. A row that is settled never changes again.</summary>
    /// <param name="changes">The changes in order.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task WriteAsync(IReadOnlyList<UsageChange> changes, CancellationToken cancellationToken);
}
