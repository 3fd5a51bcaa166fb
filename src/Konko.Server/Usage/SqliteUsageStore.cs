using Konko.Server.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Konko.Server.Usage;

/// <summary>Usage in an SQLite file of the data folder.</summary>
/// <remarks>
/// Entity Framework makes the tables and changes them. All else is plain SQL on a connection that stays open: the
/// framework's thousand methods for what a request writes would be compiled, and run with cold caches, on the model's
/// cores; and a start that finds the tables as they should be leaves its 20 MiB on the disk.
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

    private readonly Lock _gate = new();
    private SqliteConnection? _connection;
    private bool _disposed;

    /// <inheritdoc/>
    public async Task OpenAsync(IReadOnlyCollection<string> resumable, long at, CancellationToken cancellationToken)
    {
        // Its companions get the rights of the file itself.
        await new FileStream(file, DataFolder.Private(FileMode.OpenOrCreate, FileShare.ReadWrite)).DisposeAsync();
        Ask("PRAGMA journal_mode = 'wal'");
        if (!IsMigrated()) await MigrateAsync(cancellationToken);
        UsageChange[] lost = [.. Ask("SELECT id FROM usage WHERE settled IS NULL").Where(id => !resumable.Contains(id)).Select(id => new UsageAbandoned(id, at))];
        if (lost.Length > 0) await WriteAsync(lost, cancellationToken);
    }

    /// <inheritdoc/>
    public Task WriteAsync(IReadOnlyList<UsageChange> changes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Use(connection => Write(connection, changes));
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
    public UsageContext Context() => new(new DbContextOptionsBuilder<UsageContext>().UseSqlite(Address(file)).Options);

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using UsageContext context = Context();
        // One that was killed while it migrated leaves its lock behind; the folder is held by this process alone.
        await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
    }

    private bool IsMigrated()
        => Ask("SELECT name FROM sqlite_master WHERE name = '__EFMigrationsHistory'").Count > 0
            && Ask("SELECT MigrationId FROM __EFMigrationsHistory").Contains(UsageContext.NewestMigration);

    private List<string> Ask(string sql)
    {
        List<string> rows = [];
        Use(connection =>
        {
            using SqliteCommand command = Command(connection, sql);
            using SqliteDataReader reader = command.ExecuteReader();
            while (reader.Read()) rows.Add(reader.GetString(0));
        });
        return rows;
    }

    private void Use(Action<SqliteConnection> work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                if (_connection is null)
                {
                    _connection = new SqliteConnection(Address(file));
                    _connection.Open();
                }

                work(_connection);
            }
            catch
            {
                // The next try begins with the file as it is then.
                Close();
                throw;
            }
        }
    }

    private static void Write(SqliteConnection connection, IReadOnlyList<UsageChange> changes)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        foreach (UsageChange change in changes)
        {
            switch (change)
            {
                case UsageBegun begun:
                    Execute(connection, Insert + "DO NOTHING", begun.Row);
                    break;
                case UsageSettled end:
                    Execute(connection, Insert + Settle, end.Row);
                    break;
                case UsageAbandoned abandoned:
                    Execute(
                        connection,
                        "UPDATE usage SET outcome = $outcome, settled = $settled WHERE id = $id AND settled IS NULL",
                        ("$id", abandoned.Id), ("$outcome", UsageOutcome.Interrupted), ("$settled", abandoned.At));
                    break;
            }
        }

        transaction.Commit();
    }

    private static void Execute(SqliteConnection connection, string sql, UsageRow row) => Execute(
        connection,
        sql,
        ("$id", row.Id), ("$key_hash", row.KeyHash), ("$model", row.Model), ("$path", row.Path), ("$begun", row.Begun), ("$prompt_tokens", row.PromptTokens),
        ("$completion_tokens", row.CompletionTokens), ("$cached_tokens", row.CachedTokens), ("$outcome", row.Outcome), ("$settled", row.Settled));

    private static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using SqliteCommand command = Command(connection, sql);
        foreach ((string name, object? value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    /// <summary>A command in the connection's one transaction, if there is one.</summary>
    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Each is a constant of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private static string Address(string file) => new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString();
}
