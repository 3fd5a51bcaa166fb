using Konko.Engine.Scheduling;
using Microsoft.Extensions.Time.Testing;

namespace Konko.Engine.Tests.Scheduling;

public sealed class EmbeddingSchedulerTests : IAsyncDisposable
{
    private readonly FakeEncoder _model = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ManualResetEventSlim _go = new();
    private readonly SemaphoreSlim _begun = new(0);
    private EmbeddingScheduler? _scheduler;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _go.Set();
        if (_scheduler is not null) await _scheduler.DisposeAsync();
        _go.Dispose();
        _begun.Dispose();
    }

    [Fact]
    public async Task Submit_SeveralTexts_ComeBackInTheirOrder()
    {
        Start(new EmbeddingSchedulerOptions { MaxStepTokens = 7 });
        _go.Set();
        IReadOnlyList<float[]> vectors = await Submit([5, 5, 5], [6], [7, 7, 7, 7], [8]);
        Assert.Equal([5f, 6f, 7f, 8f], vectors.Select(v => v[0]));
        Assert.Equal([3f, 1f, 4f, 1f], vectors.Select(v => v[1]));
        Assert.All(vectors, v => Assert.Equal(4, v.Length));
    }

    [Fact]
    public async Task Submit_WhileAStepRuns_IsComputedTogether()
    {
        Start(new EmbeddingSchedulerOptions());
        Task first = await SubmitAndBlock();
        Task[] rest = [Submit([2]), Submit([3]), Submit([4])];
        _go.Set();
        await Task.WhenAll([first, .. rest]);
        Assert.Equal([[1], [2, 3, 4]], _model.Steps);
    }

    [Fact]
    public async Task Submit_LongListBeforeASingleText_LetsItInAtItsTurn()
    {
        Start(new EmbeddingSchedulerOptions { MaxStepTokens = 2 });
        Task first = await SubmitAndBlock();
        Task list = Submit([2], [3], [4], [5], [6]), single = Submit([7]);
        _go.Set();
        await Task.WhenAll(first, list, single);
        Assert.Equal([[1], [2, 7], [3, 4], [5, 6]], _model.Steps);
    }

    [Fact]
    public async Task Submit_TextLongerThanAStep_HasAStepOfItsOwn()
    {
        Start(new EmbeddingSchedulerOptions { MaxStepTokens = 4 });
        _go.Set();
        await Submit([1], [2, 2, 2, 2, 2, 2], [3]);
        Assert.Equal([[1], [2], [3]], _model.Steps);
    }

    [Fact]
    public async Task Submit_QueueFull_IsRefusedUntilThereIsRoom()
    {
        Start(new EmbeddingSchedulerOptions { MaxQueued = 1 });
        Task first = await SubmitAndBlock();
        using var giveUp = new CancellationTokenSource();
        Task waiting = Submit(giveUp.Token, [2]);
        Assert.False(_scheduler!.TrySubmit(Request([3]), out _, out SubmitRefusal? refusal, Cancel));
        Assert.Equal(SubmitRefusal.QueueFull, refusal);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Task next = Submit([4]);
        _go.Set();
        await Task.WhenAll(first, next);
        Assert.Equal([[1], [4]], _model.Steps);
    }

    [Fact]
    public async Task Cancel_InAStep_EndsAtOnceAndStartsNoMoreOfIt()
    {
        Start(new EmbeddingSchedulerOptions { MaxStepTokens = 1 });
        using var giveUp = new CancellationTokenSource();
        Task request = Submit(giveUp.Token, [1], [2], [3]);
        await _begun.WaitAsync(Cancel);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        _go.Set();
        await Submit([4]);
        Assert.Equal([[1], [4]], _model.Steps);
    }

    [Fact]
    public async Task Deadline_Passed_FailsWhatHasNotStarted()
    {
        Start(new EmbeddingSchedulerOptions { QueueDeadline = TimeSpan.FromSeconds(10), MaxStepTokens = 1 });
        Task<IReadOnlyList<float[]>> started = Submit([1], [2]);
        await _begun.WaitAsync(Cancel);
        Task late = Submit([3]);
        _time.Advance(TimeSpan.FromSeconds(11));
        _go.Set();
        Assert.Equal(GenerationFailure.QueueDeadline, (await Assert.ThrowsAsync<GenerationFailedException>(() => late)).Failure);
        Assert.Equal(2, (await started).Count);
    }

    [Fact]
    public async Task Model_Throws_FailsTheStepsRequestsAndGoesOn()
    {
        Start(new EmbeddingSchedulerOptions());
        _go.Set();
        _model.OnEmbed = () => throw new InvalidOperationException("on purpose");
        var failed = await Assert.ThrowsAsync<GenerationFailedException>(() => Submit([1]));
        Assert.Equal(GenerationFailure.Forward, failed.Failure);
        Assert.Equal("on purpose", failed.InnerException!.Message);
        _model.OnEmbed = null;
        Assert.Single(await Submit([2]));
    }

    [Fact]
    public async Task Vector_NotFinite_FailsItsRequestOnly()
    {
        Start(new EmbeddingSchedulerOptions());
        Task first = await SubmitAndBlock();
        Task poisoned = Submit([2], [FakeEncoder.PoisonToken]), good = Submit([3]);
        _go.Set();
        await Task.WhenAll(first, good);
        Assert.Contains("not finite", (await Assert.ThrowsAsync<GenerationFailedException>(() => poisoned)).Message, StringComparison.Ordinal);
        Assert.Equal([1, 3], _model.Steps.Select(step => step.Length));
    }

    [Fact]
    public async Task Stop_WithPatience_FinishesWhatWasTaken()
    {
        Start(new EmbeddingSchedulerOptions { MaxStepTokens = 1 });
        Task<IReadOnlyList<float[]>> request = Submit([1], [2], [3]);
        await _begun.WaitAsync(Cancel);
        Task stop = _scheduler!.StopAsync(TimeSpan.FromHours(1), Cancel);
        Assert.False(_scheduler.TrySubmit(Request([4]), out _, out SubmitRefusal? refusal, Cancel));
        Assert.Equal(SubmitRefusal.Stopping, refusal);
        _go.Set();
        await stop;
        Assert.Equal(3, (await request).Count);
    }

    [Fact]
    public async Task Stop_WithoutPatience_FailsWhatHasNotStarted()
    {
        Start(new EmbeddingSchedulerOptions { MaxStepTokens = 1 });
        Task request = Submit([1], [2], [3]);
        await _begun.WaitAsync(Cancel);
        Task stop = _scheduler!.StopAsync(TimeSpan.Zero, Cancel);
        _go.Set();
        await stop;
        Assert.Equal(GenerationFailure.Stopped, (await Assert.ThrowsAsync<GenerationFailedException>(() => request)).Failure);
    }

    [Fact]
    public async Task Statistics_InAStep_CountWhatRunsAndWaits()
    {
        Start(new EmbeddingSchedulerOptions { MaxStepTokens = 2 });
        Task request = Submit([1], [2], [3]);
        await _begun.WaitAsync(Cancel);
        Assert.Equal(new EmbeddingStatistics(Queued: 1, Running: 2), _scheduler!.Statistics);
        _go.Set();
        await request;
        Assert.Equal(0, _scheduler.Statistics.Queued);
    }

    [Fact]
    public void Submit_BrokenRequest_NamesWhatIsWrong()
    {
        Start(new EmbeddingSchedulerOptions { MaxTokens = 5 });
        Assert.Contains("Inputs is empty", Wrong(Request()), StringComparison.Ordinal);
        Assert.Contains("Inputs[1] is empty", Wrong(Request([1], [])), StringComparison.Ordinal);
        Assert.Contains("Inputs[0] has 6 tokens, more than 5", Wrong(Request(new int[6])), StringComparison.Ordinal);
        Assert.Contains("Inputs[0] holds 100", Wrong(Request([1, 100])), StringComparison.Ordinal);
        Assert.Contains("Inputs[0] holds -1", Wrong(Request([-1])), StringComparison.Ordinal);
        Assert.Contains("Dimensions", Wrong(Request([1]) with { Dimensions = 5 }), StringComparison.Ordinal);
        Assert.Contains("Dimensions", Wrong(Request([1]) with { Dimensions = -1 }), StringComparison.Ordinal);

        string Wrong(EmbeddingRequest request) => Assert.ThrowsAny<ArgumentException>(() => _scheduler!.TrySubmit(request, out _, out _, Cancel)).Message;
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        foreach (EmbeddingSchedulerOptions options in (EmbeddingSchedulerOptions[])[new() { MaxTokens = 33 }, new() { MaxStepTokens = 0 }, new() { MaxQueued = 0 }, new() { QueueDeadline = TimeSpan.FromSeconds(-9) }])
            Assert.Throws<ArgumentOutOfRangeException>(() => new EmbeddingScheduler(_model, options, _time));
    }

    /// <summary>A scheduler whose steps tell that they have begun, then wait for the word.</summary>
    private void Start(EmbeddingSchedulerOptions options)
    {
        _model.OnEmbed = () =>
        {
            _begun.Release();
            _go.Wait(Cancel);
        };
        _scheduler = new EmbeddingScheduler(_model, options, _time);
    }

    /// <summary>A first request, in whose step the scheduler now stands.</summary>
    private async Task<Task> SubmitAndBlock()
    {
        Task first = Submit([1]);
        await _begun.WaitAsync(Cancel);
        return first;
    }

    private static EmbeddingRequest Request(params int[][] inputs) => new() { Inputs = inputs };

    private Task<IReadOnlyList<float[]>> Submit(params int[][] inputs) => Submit(Cancel, inputs);

    private Task<IReadOnlyList<float[]>> Submit(CancellationToken cancellationToken, params int[][] inputs)
        => _scheduler!.TrySubmit(Request(inputs), out Task<IReadOnlyList<float[]>>? vectors, out SubmitRefusal? refusal, cancellationToken)
            ? vectors
            : throw new InvalidOperationException($"Not taken: {refusal}.");
}
