using System.Diagnostics.Metrics;

namespace Konko.Engine.Scheduling;

/// <summary>The meter "Konko.Engine" of one scheduler; its tag <c>model</c> names the model. Counts are reported once a step.</summary>
internal sealed class SchedulerMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _generated;
    private readonly Counter<long> _prefilled;
    private readonly Counter<long> _cached;
    private readonly Counter<long> _preemptions;
    private readonly Counter<long> _drafted;
    private readonly Counter<long> _accepted;
    private readonly Histogram<double> _stepDuration;
    private (long Generated, long Prefilled, long Cached, long Preemptions, long Drafted, long Accepted) _reported;

    /// <param name="model">What to call the model.</param>
    /// <param name="statistics">Read when somebody looks at the gauges.</param>
    public SchedulerMetrics(string model, Func<SchedulerStatistics> statistics)
    {
        _meter = new Meter(new MeterOptions("Konko.Engine") { Tags = [new("model", model)] });
        _generated = _meter.CreateCounter<long>("konko.engine.tokens.generated", "{token}", "Tokens drawn.");
        _prefilled = _meter.CreateCounter<long>("konko.engine.tokens.prefilled", "{token}", "Prompt tokens computed, those computed again after a preemption too.");
        _cached = _meter.CreateCounter<long>("konko.engine.tokens.cached", "{token}", "Prompt tokens that came from the prefix cache.");
        _preemptions = _meter.CreateCounter<long>("konko.engine.preemptions", "{sequence}", "Sequences that had to give up their pages.");
        _drafted = _meter.CreateCounter<long>("konko.engine.tokens.drafted", "{token}", "Tokens that were guessed and computed beforehand.");
        _accepted = _meter.CreateCounter<long>("konko.engine.tokens.accepted", "{token}", "Guessed tokens that were the ones drawn.");
        _stepDuration = _meter.CreateHistogram<double>("konko.engine.step.duration", "s", "Time of a step.");
        _meter.CreateObservableGauge("konko.engine.requests.queued", () => statistics().Queued, "{request}", "Requests that have not started.");
        _meter.CreateObservableGauge("konko.engine.sequences.running", () => statistics().Running, "{sequence}", "Sequences that hold pages.");
        _meter.CreateObservableGauge("konko.engine.sequences.waiting", () => statistics().Waiting, "{sequence}", "Sequences that have started and wait for room.");
        _meter.CreateObservableGauge("konko.engine.kv.pages", () => Pages(statistics()), "{page}", "Committed pages of the KV cache.");
    }

    /// <summary>Tokens drawn since the start; the scheduler's thread counts here and <see cref="Record"/> reports.</summary>
    public long GeneratedTokens { get; set; }

    /// <summary>Prompt tokens computed since the start.</summary>
    public long PrefilledTokens { get; set; }

    /// <summary>Drafted tokens that were computed since the start.</summary>
    public long DraftedTokens { get; set; }

    /// <summary>Drafted tokens that were the ones drawn, since the start.</summary>
    public long AcceptedTokens { get; set; }

    /// <summary>Prompt tokens that came from the prefix cache since the start.</summary>
    public long CachedTokens { get; set; }

    /// <summary>Preemptions since the start.</summary>
    public long Preemptions { get; set; }

    /// <summary>Reports a step and what was counted since the last report.</summary>
    /// <param name="step">The step's time.</param>
    public void Record(TimeSpan step)
    {
        (long generated, long prefilled, long cached, long preemptions, long drafted, long accepted) = _reported;
        _reported = (GeneratedTokens, PrefilledTokens, CachedTokens, Preemptions, DraftedTokens, AcceptedTokens);
        Add(_generated, GeneratedTokens - generated);
        Add(_prefilled, PrefilledTokens - prefilled);
        Add(_cached, CachedTokens - cached);
        Add(_preemptions, Preemptions - preemptions);
        Add(_drafted, DraftedTokens - drafted);
        Add(_accepted, AcceptedTokens - accepted);
        _stepDuration.Record(step.TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();

    private static void Add(Counter<long> counter, long value)
    {
        if (value > 0) counter.Add(value);
    }

    private static Measurement<int>[] Pages(SchedulerStatistics statistics) =>
    [
        new(statistics.Kv.Free, new KeyValuePair<string, object?>("state", "free")),
        new(statistics.Kv.Used, new KeyValuePair<string, object?>("state", "used")),
        new(statistics.Kv.Cached, new KeyValuePair<string, object?>("state", "cached")),
    ];
}
