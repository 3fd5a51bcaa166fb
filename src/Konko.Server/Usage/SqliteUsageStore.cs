using Konko.Server.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Konko.Server.Usage;

/// <summary>Usage in an SQLite file of the data folder.</summary>
/// <param name="file">The file; made where it is not there.</param>
internal sealed class SqliteUsageStore(string file) : IUsageStore
{
    private readonly DbContextOptions<UsageContext> _options = new DbContextOptionsBuilder<UsageContext>()
        .UseSqlite(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString())
        .Options;

    /// <inheritdoc/>
    public async Task OpenAsync(IReadOnlyCollection<string> resumable, long at, CancellationToken cancellationToken)
    {
        // Its companions get the rights of the file itself.
        await new FileStream(file, DataFolder.Private(FileMode.OpenOrCreate, FileShare.ReadWrite)).DisposeAsync();
        await using UsageContext context = Context();
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = 'wal'", cancellationToken);
        if ((await context.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
        {
            // One that was killed while it migrated leaves its lock behind; the folder is held by this process alone.
            await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
            await context.Database.MigrateAsync(cancellationToken);
        }

        foreach (UsageRow row in await context.Usage.Where(row => row.Settled == null).ToListAsync(cancellationToken))
        {
            if (!resumable.Contains(row.Id)) (row.Outcome, row.Settled) = (UsageOutcome.Interrupted, at);
        }

        await context.SaveChangesAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task WriteAsync(IReadOnlyList<UsageChange> changes, CancellationToken cancellationToken)
    {
        await using UsageContext context = Context();
        foreach (UsageChange change in changes)
        {
            switch (change)
            {
                case UsageBegun begun:
                    if (await FindAsync(context, begun.Row.Id, cancellationToken) is null) context.Add(begun.Row);
                    break;
                case UsageSettled { Row: UsageRow end }:
                    UsageRow? row = await FindAsync(context, end.Id, cancellationToken);
                    if (row is null) context.Add(end);
                    else if (row.Settled is null)
                        (row.PromptTokens, row.CompletionTokens, row.CachedTokens, row.Outcome, row.Settled) = (end.PromptTokens, end.CompletionTokens, end.CachedTokens, end.Outcome, end.Settled);
                    break;
                case UsageAbandoned abandoned:
                    if (await FindAsync(context, abandoned.Id, cancellationToken) is { Settled: null } open) (open.Outcome, open.Settled) = (UsageOutcome.Interrupted, abandoned.At);
                    break;
            }
        }

        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The tables, for whoever reads them.</summary>
    public UsageContext Context() => new(_options);

    private static ValueTask<UsageRow?> FindAsync(UsageContext context, string id, CancellationToken cancellationToken)
        => context.Usage.FindAsync([id], cancellationToken);
}
