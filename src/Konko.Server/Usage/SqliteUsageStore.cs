using Konko.Server.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Konko.Server.Usage;

/// <summary>Usage in an SQLite file of the data folder.</summary>
/// <remarks>
/// Entity Framework keeps the tables and reads them. What each request writes is plain SQL on a connection that stays
/// open: the framework's thousand methods for it would be compiled, and run with cold caches, on the model's cores.
/// </remarks>
/// <param name="file">The file; made where it is not there.</param>
internal sealed class SqliteUsageStore(string file) : IUsageStore, IDisposable
{
    private const string Insert = """
        INSERT INTO usage (id, key_hash, model, path, begun, prompt_tokens, completion_tokens, cached_tokens, outcome, settled)
        VALUES ($id, $key_hash, $model, $path, $begun, $prompt_tokens, $completion_tokens, $cached_tokens, $outcome, $settled)
        ON CONFLICT (id)
        """ + " ";

    private const string Settle = """
        DO UPDATE SET prompt_tokens = $prompt_tokens, completion_tokens = $completion_tokens, cached_tokens = $cached_tokens, outcome = $outcome, settled = $settled
        WHERE settled IS NULL
        """;

    private readonly DbContextOptions<UsageContext> _options = new DbContextOptionsBuilder<UsageContext>().UseSqlite(Address(file)).Options;
    private readonly Lock _gate = new();
    private SqliteConnection? _connection;
    private bool _disposed;

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
    public Task WriteAsync(IReadOnlyList<UsageChange> changes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                Write(changes);
            }
            catch
            {
                // The next try begins with the file as it is then.
                Close();
                throw;
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Close();
        }
    }

    /// <summary>The tables, for whoever reads them.</summary>
    public UsageContext Context() => new(_options);

    private void Write(IReadOnlyList<UsageChange> changes)
    {
        if (_connection is null)
        {
            _connection = new SqliteConnection(Address(file));
            _connection.Open();
        }

        using SqliteTransaction transaction = _connection.BeginTransaction();
        foreach (UsageChange change in changes)
        {
            switch (change)
            {
                case UsageBegun begun:
                    Execute(Insert + "DO NOTHING", begun.Row);
                    break;
                case UsageSettled end:
                    Execute(Insert + Settle, end.Row);
                    break;
                case UsageAbandoned abandoned:
                    Execute(
                        "UPDATE usage SET outcome = $outcome, settled = $settled WHERE id = $id AND settled IS NULL",
                        ("$id", abandoned.Id), ("$outcome", UsageOutcome.Interrupted), ("$settled", abandoned.At));
                    break;
            }
        }

        transaction.Commit();
    }

    private void Execute(string sql, UsageRow row) => Execute(
        sql,
        ("$id", row.Id), ("$key_hash", row.KeyHash), ("$model", row.Model), ("$path", row.Path), ("$begun", row.Begun), ("$prompt_tokens", row.PromptTokens),
        ("$completion_tokens", row.CompletionTokens), ("$cached_tokens", row.CachedTokens), ("$outcome", row.Outcome), ("$settled", row.Settled));

    private void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        // In the connection's one transaction.
        using SqliteCommand command = _connection!.CreateCommand();
#pragma warning disable CA2100 // Each is a constant of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach ((string name, object? value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private static string Address(string file) => new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString();
}
