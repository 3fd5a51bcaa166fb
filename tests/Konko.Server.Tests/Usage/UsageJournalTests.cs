using System.Collections.Concurrent;
using Konko.Server.Generation;
using Konko.Server.Providers;
using Konko.Server.Usage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Konko.Server.Tests.Usage;

public sealed class UsageJournalTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly MemoryStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, UsageOutcome.Finished, 5)]
    [InlineData(false, UsageOutcome.Failed, 1)]
    public async Task Metered_ReadToItsEnd_IsSettledOnce(bool whole, string outcome, int tokens)
    {
        using UsageJournal journal = Journal();
        await journal.StartAsync(Token);
        var generation = new MeteredGeneration(new Events(whole), journal, Row(), resumable: false);
        await foreach (GenerationEvent entry in generation.ReadAsync(Token)) Assert.NotNull(entry);
        await generation.DisposeAsync();
        await generation.DisposeAsync();
        await journal.StopAsync(Token);

        Assert.Equal(2, _store.Written.Count);
        Assert.Null(Assert.IsType<UsageBegun>(_store.Written.First()).Row.Outcome);
        UsageRow row = Assert.IsType<UsageSettled>(_store.Written.Last()).Row;
        Assert.Equal((outcome, tokens, 3), (row.Outcome!, row.CompletionTokens, row.PromptTokens));
    }

    [Fact]
    public async Task Metered_ClientWentAway_IsCancelledWithWhatWasSampled()
    {
        using UsageJournal journal = Journal();
        await journal.StartAsync(Token);
        using var gone = new CancellationTokenSource();
        var generation = new MeteredGeneration(new Events(whole: true), journal, Row(), resumable: false);
        await using (IAsyncEnumerator<GenerationEvent> events = generation.ReadAsync(gone.Token).GetAsyncEnumerator(Token))
        {
            await events.MoveNextAsync();
            await gone.CancelAsync();
        }

        await generation.DisposeAsync();
        await journal.StopAsync(Token);

        UsageRow row = Assert.IsType<UsageSettled>(_store.Written.Last()).Row;
        Assert.Equal((UsageOutcome.Cancelled, 1), (row.Outcome!, row.CompletionTokens));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task Add_AfterTheStop_OnlyWhatTheNextServerSettlesIsNoLoss(bool abandoned, int errors)
    {
        var logger = new Errors();
        using var journal = new UsageJournal(_store, () => [], Task.CompletedTask, _time, logger);
        await journal.StartAsync(Token);
        await journal.StopAsync(Token);
        journal.Add(abandoned ? new UsageAbandoned("a", journal.Now) : new UsageSettled(Row()));
        Assert.Equal(errors, logger.Count);
        Assert.Empty(_store.Written);
    }

    [Fact]
    public async Task Add_StoreFailsForAWhile_IsWrittenWhenItCan()
    {
        _store.Failures = 3;
        using UsageJournal journal = Journal();
        await journal.StartAsync(Token);
        journal.Add(new UsageAbandoned("a", 1));
        while (_store.Written.IsEmpty)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, Token);
        }

        Assert.Equal(new UsageAbandoned("a", 1), Assert.Single(_store.Written));
        await journal.StopAsync(Token);
    }

    [Fact]
    public void Add_NobodyWrites_IsBounded()
    {
        using UsageJournal journal = Journal();
        for (int i = 0; i < 100_000; i++) journal.Add(new UsageAbandoned("a", i));
        Assert.Empty(_store.Written);
        Assert.True(journal.Waiting < 100_000);
    }

    private UsageJournal Journal() => new(_store, () => [], Task.CompletedTask, _time, NullLogger<UsageJournal>.Instance);

    private static UsageRow Row() => new() { Id = "a", KeyHash = "", Model = "m", Path = "/v1/completions", Begun = 1 };

    private sealed class MemoryStore : IUsageStore
    {
        public int Failures { get; set; }

        public ConcurrentQueue<UsageChange> Written { get; } = new();

        public Task OpenAsync(IReadOnlyCollection<string> resumable, long at, CancellationToken cancellationToken)
            => Failures-- > 0 ? throw new IOException("The disk is full.") : Task.CompletedTask;

        public Task WriteAsync(IReadOnlyList<UsageChange> changes, CancellationToken cancellationToken)
        {
            foreach (UsageChange change in changes) Written.Enqueue(change);
            return Task.CompletedTask;
        }
    }

    private sealed class Events : AdmittedGeneration
    {
        private readonly bool _whole;

        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public Events(bool whole) => (_whole, Seed, PromptTokens) = (whole, 1, 3);

        public override async IAsyncEnumerable<GenerationEvent> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new ChoiceAdvanced(0, new GeneratedToken(1, "a", -1, false), "a");
            await Task.Yield();
            if (_whole) yield return new ChoiceAdvanced(0, new GeneratedToken(2, "b", -1, false), "b") { Usage = new TokenUsage(3, 5, 0) };
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Errors : ILogger<UsageJournal>
    {
        public int Count { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Count += logLevel >= LogLevel.Error ? 1 : 0;
    }
}
