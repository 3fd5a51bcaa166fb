using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Konko.Server.Generation;
using Konko.Server.Hosting;
using Konko.Server.Providers;

namespace Konko.Server.Usage;

/// <summary>A generation whose use is written down: begun when it is made, settled when it is disposed of.</summary>
internal sealed class MeteredGeneration : AdmittedGeneration
{
    private readonly AdmittedGeneration _inner;
    private readonly UsageJournal _journal;
    private readonly UsageRow _row;
    private readonly bool _resumable;
    private CancellationToken? _reader;
    private int _sampled;
    private bool _cut;
    private int _disposed;

    /// <summary>Begins the row.</summary>
    /// <param name="inner">The generation.</param>
    /// <param name="journal">Where it is written down.</param>
    /// <param name="row">The request, not settled.</param>
    /// <param name="resumable">Whether a later server may go on with it where this one is shut down.</param>
    [SetsRequiredMembers]
    public MeteredGeneration(AdmittedGeneration inner, UsageJournal journal, UsageRow row, bool resumable)
    {
        (_inner, _journal, _row, _resumable) = (inner, journal, row, resumable);
        (Seed, PromptTokens) = (inner.Seed, inner.PromptTokens);
        _row.PromptTokens = inner.PromptTokens ?? 0;
        _journal.Add(new UsageBegun(Copy()));
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<GenerationEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _reader = cancellationToken;
        await foreach (GenerationEvent entry in _inner.ReadAsync(cancellationToken))
        {
            switch (entry)
            {
                case ChoiceAdvanced { Usage: { } usage }:
                    (_row.PromptTokens, _row.CachedTokens, _row.Outcome) = (usage.PromptTokens, usage.CachedTokens, UsageOutcome.Finished);
                    _sampled = usage.CompletionTokens;
                    break;
                case ChoiceAdvanced { Token: not null }:
                    _sampled++;
                    break;
                case GenerationFailed failed:
                    _row.Outcome = UsageOutcome.Failed;
                    _cut = ReferenceEquals(failed.Error, Drain.Cut);
                    break;
            }

            yield return entry;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        // First, because a server that stops waits for its generations and for nothing behind them.
        if (Interlocked.Exchange(ref _disposed, 1) == 0 && !(_resumable && _cut))
        {
            _row.CompletionTokens = _sampled;
            _row.Outcome ??= _reader is { IsCancellationRequested: false } ? UsageOutcome.Failed : UsageOutcome.Cancelled;
            _row.Settled = _journal.Now;
            _journal.Add(new UsageSettled(Copy()));
        }

        await _inner.DisposeAsync();
    }

    // What is handed over is another thread's from then on.
    private UsageRow Copy() => new()
    {
        Id = _row.Id,
        KeyHash = _row.KeyHash,
        Model = _row.Model,
        Path = _row.Path,
        Begun = _row.Begun,
        PromptTokens = _row.PromptTokens,
        CompletionTokens = _row.CompletionTokens,
        CachedTokens = _row.CachedTokens,
        Outcome = _row.Outcome,
        Settled = _row.Settled,
    };
}
