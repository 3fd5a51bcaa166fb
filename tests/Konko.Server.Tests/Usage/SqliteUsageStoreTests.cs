using Konko.Server.Usage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Konko.Server.Tests.Usage;

public sealed class SqliteUsageStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("konko-usage-").FullName;
    private readonly SqliteUsageStore _store;

    public SqliteUsageStoreTests() => _store = new SqliteUsageStore(Path.Combine(_folder, "usage.db"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Write_SettledTwice_KeepsTheFirst()
    {
        await _store.OpenAsync([], 1, Token);
        await _store.WriteAsync([new UsageBegun(Row("a"))], Token);
        await _store.WriteAsync([new UsageSettled(Row("a", UsageOutcome.Finished, 7)), new UsageSettled(Row("a", UsageOutcome.Cancelled, 9))], Token);
        await _store.WriteAsync([new UsageBegun(Row("a")), new UsageSettled(Row("a", UsageOutcome.Failed, 11)), new UsageAbandoned("a", 99)], Token);

        UsageRow row = Assert.Single(await RowsAsync());
        Assert.Equal((UsageOutcome.Finished, 7, 100L), (row.Outcome!, row.CompletionTokens, row.Settled!.Value));
    }

    [Fact]
    public async Task Write_BeginningWasNeverWritten_TheEndIsTheRow()
    {
        await _store.OpenAsync([], 1, Token);
        await _store.WriteAsync([new UsageSettled(Row("a", UsageOutcome.Finished, 7)), new UsageAbandoned("b", 99)], Token);

        Assert.Equal("a", Assert.Single(await RowsAsync()).Id);
    }

    [Fact]
    public async Task Write_OneChangeFails_WritesNoneAndWritesLater()
    {
        await _store.OpenAsync([], 1, Token);
        UsageRow broken = Row("b");
        broken.Model = null!;

        await Assert.ThrowsAsync<SqliteException>(() => _store.WriteAsync([new UsageBegun(Row("a")), new UsageBegun(broken)], Token));
        Assert.Empty(await RowsAsync());
        await _store.WriteAsync([new UsageBegun(Row("a"))], Token);

        Assert.Equal("a", Assert.Single(await RowsAsync()).Id);
    }

    [Fact]
    public async Task Write_Disposed_Throws()
    {
        await _store.OpenAsync([], 1, Token);
        await _store.WriteAsync([new UsageBegun(Row("a"))], Token);
        _store.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => _store.WriteAsync([new UsageBegun(Row("b"))], Token));
    }

    [Fact]
    public async Task Open_AfterACrash_SettlesOnceWhatCannotBeGoneOnWith()
    {
        await _store.OpenAsync([], 1, Token);
        await _store.WriteAsync([new UsageBegun(Row("lost")), new UsageBegun(Row("kept")), new UsageSettled(Row("done", UsageOutcome.Finished, 3))], Token);

        using var again = new SqliteUsageStore(Path.Combine(_folder, "usage.db"));
        await again.OpenAsync(["kept"], 500, Token);
        await again.OpenAsync(["kept"], 600, Token);

        Assert.Equal(
            [("done", UsageOutcome.Finished, 100L), ("kept", null, null), ("lost", UsageOutcome.Interrupted, 500L)],
            (await RowsAsync()).Select(row => (row.Id, row.Outcome, row.Settled)));
        await again.WriteAsync([new UsageSettled(Row("kept", UsageOutcome.Finished, 4))], Token);
        Assert.Equal(4, (await RowsAsync()).Single(row => row.Id == "kept").CompletionTokens);
    }

    [Fact]
    public async Task Open_NewFile_IsTheUsersOnlyAndFitsTheModel()
    {
        await _store.OpenAsync([], 1, Token);

        await using UsageContext context = _store.Context();
        Assert.False(context.Database.HasPendingModelChanges());
        Assert.Equal(UsageContext.NewestMigration, context.Database.GetMigrations().Last());
        Assert.Empty(await context.Database.GetPendingMigrationsAsync(Token));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "usage.db")));
    }

    private static UsageRow Row(string id, string? outcome = null, int completion = 0) => new()
    {
        Id = id,
        KeyHash = "",
        Model = "m",
        Path = "/v1/completions",
        Begun = 1,
        PromptTokens = 2,
        CompletionTokens = completion,
        Outcome = outcome,
        Settled = outcome is null ? null : 100,
    };

    private async Task<List<UsageRow>> RowsAsync()
    {
        await using UsageContext context = _store.Context();
        return await context.Usage.OrderBy(row => row.Id).ToListAsync(Token);
    }
}
