using System.Diagnostics.Metrics;

namespace Konko.Engine.Scheduling;

/// <summary>The meter "Konko.Engine" of one embedding scheduler; its tag <c>model</c> names the model.</summary>
internal sealed class EmbeddingMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _texts;
    private readonly Histogram<double> _stepDuration;

    /// <param name="model">What to call the model.</param>
    /// <param name="statistics">Read when somebody looks at the gauge.</param>
    public EmbeddingMetrics(string model, Func<EmbeddingStatistics> statistics)
    {
        _meter = new Meter(new MeterOptions("Konko.Engine") { Tags = [new("model", model)] });
        _tokens = _meter.CreateCounter<long>("konko.engine.tokens.embedded", "{token}", "Tokens of embedded texts.");
        _texts = _meter.CreateCounter<long>("konko.engine.texts.embedded", "{text}", "Embedded texts.");
        _stepDuration = _meter.CreateHistogram<double>("konko.engine.step.duration", "s", "Time of a step.");
        _meter.CreateObservableGauge("konko.engine.requests.queued", () => statistics().Queued, "{request}", "Requests that have not started.");
    }

    /// <summary>Reports a step.</summary>
    /// <param name="texts">Its texts.</param>
    /// <param name="tokens">Their tokens.</param>
    /// <param name="step">Its time.</param>
    public void Record(int texts, int tokens, TimeSpan step)
    {
        _texts.Add(texts);
        _tokens.Add(tokens);
        _stepDuration.Record(step.TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();
}
