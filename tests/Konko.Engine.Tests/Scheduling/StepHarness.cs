using Konko.Engine.Cache;
using Konko.Engine.Models;
using Konko.Engine.Scheduling;
using Microsoft.Extensions.Time.Testing;

namespace Konko.Engine.Tests.Scheduling;

/// <summary>The scheduler without its thread: the test makes every step itself, so that all runs are alike.</summary>
internal sealed class StepHarness : IDisposable
{
    private readonly CausalModel _model;
    private readonly StepLoop _loop;

    public StepHarness(SchedulerOptions? options = null, CausalModel? model = null)
    {
        _model = model ?? new FakeModel();
        options ??= Options();
        Pool = new KvPool(_model.KvLayout, options.KvBytes);
        Queue = new RequestQueue(options.MaxQueued, options.QueueDeadline, Time);
        Metrics = new SchedulerMetrics(options.Name, () => default);
        Batch = new ContinuousBatch(Pool, Queue, options, _model.MaxStepTokens, Time, Metrics);
        _loop = new StepLoop(_model, [FakeModel.EndToken], Pool, Batch, Time, Metrics);
    }

    /// <summary>The model, where it is the fake one.</summary>
    public FakeModel Model => (FakeModel)_model;

    public KvPool Pool { get; }

    public RequestQueue Queue { get; }

    public ContinuousBatch Batch { get; }

    public SchedulerMetrics Metrics { get; }

    public FakeTimeProvider Time { get; } = new();

    public int Steps { get; private set; }

    public bool IsBusy => Batch.Running + Batch.Waiting + Queue.Count > 0;

    /// <summary>Limits in which nothing is drafted, so that a test can count a stream's tokens by its steps.</summary>
    public static SchedulerOptions Options(int pages = 4096) => new() { KvBytes = pages * new FakeModel().KvLayout.PageBytes, DraftTokens = 0 };

    public SteppedRequest Submit(GenerationRequest request)
    {
        var state = new RequestState(request, [.. request.Prompt], Time.GetTimestamp());
        Assert.Null(Queue.TryAdd(state));
        return new SteppedRequest(state);
    }

    public void Step()
    {
        Steps++;
        _loop.Step();
    }

    public void RunToEnd()
    {
        int limit = Steps + 200_000;
        while (IsBusy)
        {
            Step();
            Assert.True(Steps < limit, "The scheduler does not come to an end.");
        }
    }

    public void AssertNoPageLost()
    {
        KvPoolStatistics kv = Pool.Statistics;
        Assert.Equal(0, kv.Used);
        Assert.Equal(kv.Committed, kv.Free + kv.Cached);
        Assert.Equal(kv.Limit, Pool.AvailablePages);
    }

    public void Dispose()
    {
        Metrics.Dispose();
        _loop.Dispose();
        Pool.Dispose();
    }
}
