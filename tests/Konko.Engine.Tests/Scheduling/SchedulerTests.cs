using System.Diagnostics.Metrics;
using Konko.Engine.Scheduling;
using Microsoft.Extensions.Time.Testing;

namespace Konko.Engine.Tests.Scheduling;

/// <summary>The scheduler with its thread.</summary>
public sealed class SchedulerTests
{
    private static readonly GenerationRequest Short = RandomRequests.Endless(prompt: 40, maxTokens: 5);

    [Fact]
    public async Task ReadAll_OneRequest_GivesWhatItGivesAlone()
    {
        await using Scheduler scheduler = Create(new FakeModel());
        Assert.Equal(RandomRequests.Alone(Short), await ReadAsync(Submit(scheduler, Short), 1));
        Assert.Equal(new SchedulerStatistics(0, 0, 0, scheduler.Statistics.Kv), scheduler.Statistics);
        Assert.Equal(0, scheduler.Statistics.Kv.Used);
    }

    [Fact]
    public async Task ReadAll_SixtyFourClientsSomeOfWhomVanish_GiveTheSameAnswersAndLoseNoPage()
    {
        GenerationRequest[] kinds = RandomRequests.Make(40, seed: 21, maxPrompt: 120, maxTokens: 40);
        string[] alone = [.. kinds.Select(RandomRequests.Alone)];
        await using Scheduler scheduler = Create(new FakeModel(), options => options with { KvBytes = 60 * options.KvBytes / 4096, MaxRunning = 24, PrefillChunk = 50 });
        await Task.WhenAll(Enumerable.Range(0, 64).Select(client => Task.Run(async () =>
        {
            var random = new Random(client);
            for (int i = 0; i < 12; i++)
            {
                int kind = random.Next(kinds.Length);
                GenerationHandle handle = Submit(scheduler, kinds[kind]);
                if (random.Next(3) != 0)
                {
                    Assert.Equal(alone[kind], await ReadAsync(handle, kinds[kind].Choices));
                    continue;
                }

                int patience = random.Next(1, 20);
                await foreach (GenerationOutput _ in handle.ReadAllAsync(Stop))
                {
                    if (--patience == 0) break;
                }
            }
        })));

        await scheduler.StopAsync(Timeout.InfiniteTimeSpan, Stop);
        SchedulerStatistics rest = scheduler.Statistics;
        Assert.Equal((0, 0, 0, 0), (rest.Queued, rest.Running, rest.Waiting, rest.Kv.Used));
        Assert.Equal(rest.Kv.Committed, rest.Kv.Free + rest.Kv.Cached);
    }

    [Fact]
    public async Task ReadAll_Cancelled_EndsTheReadingAndTheRequest()
    {
        await using Scheduler scheduler = Create(Endless());
        using var cancellation = new CancellationTokenSource();
        GenerationHandle handle = Submit(scheduler, RandomRequests.Endless(prompt: 3, maxTokens: 1_000_000));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (GenerationOutput output in handle.ReadAllAsync(cancellation.Token))
            {
                if (output is TokenGenerated) await cancellation.CancelAsync();
            }
        });

        await scheduler.StopAsync(Timeout.InfiniteTimeSpan, Stop);
        Assert.Equal(0, scheduler.Statistics.Kv.Used);
    }

    [Fact]
    public async Task Cancel_ByTheReader_EndsInOperationCanceled()
    {
        await using Scheduler scheduler = Create(Endless());
        GenerationHandle handle = Submit(scheduler, RandomRequests.Endless(prompt: 3, maxTokens: 1_000_000));
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (GenerationOutput output in handle.ReadAllAsync(Stop)) handle.Cancel();
        });
    }

    [Fact]
    public async Task CancelChoice_TheOnlyOne_EndsWell()
    {
        await using Scheduler scheduler = Create(Endless());
        GenerationHandle handle = Submit(scheduler, RandomRequests.Endless(prompt: 3, maxTokens: 1_000_000));
        await foreach (GenerationOutput output in handle.ReadAllAsync(Stop)) handle.CancelChoice(0);
        await scheduler.StopAsync(Timeout.InfiniteTimeSpan, Stop);
        Assert.Equal(0, scheduler.Statistics.Kv.Used);
    }

    [Fact]
    public async Task ReadAll_Twice_Throws()
    {
        await using Scheduler scheduler = Create(new FakeModel());
        GenerationHandle handle = Submit(scheduler, Short);
        await ReadAsync(handle, 1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(handle, 1));
    }

    [Fact]
    public async Task TrySubmit_QueueIsFull_SaysSoUntilThereIsRoom()
    {
        using var gate = new ManualResetEventSlim();
        using var inside = new ManualResetEventSlim();
        var model = new FakeModel
        {
            OnForward = _ =>
            {
                inside.Set();
                gate.Wait();
            },
        };
        await using Scheduler scheduler = Create(model, options => options with { MaxRunning = 1, MaxQueued = 2 });
        GenerationHandle running = Submit(scheduler, Short);
        inside.Wait(Stop);
        GenerationHandle[] queued = [Submit(scheduler, Short), Submit(scheduler, Short)];

        Assert.False(scheduler.TrySubmit(Short, out GenerationHandle? handle, out SubmitRefusal? refusal));
        Assert.Null(handle);
        Assert.Equal(SubmitRefusal.QueueFull, refusal);
        Assert.Equal(2, scheduler.Statistics.Queued);

        gate.Set();
        foreach (GenerationHandle each in (GenerationHandle[])[running, .. queued]) Assert.Equal(RandomRequests.Alone(Short), await ReadAsync(each, 1));
        Assert.Equal(RandomRequests.Alone(Short), await ReadAsync(Submit(scheduler, Short), 1));
    }

    [Fact]
    public async Task TrySubmit_CouldNeverFit_IsRefused()
    {
        await using Scheduler scheduler = Create(new FakeModel(), options => options with { KvBytes = 4 * options.KvBytes / 4096 });

        Assert.False(scheduler.TrySubmit(RandomRequests.Endless(prompt: 100, maxTokens: 30), out _, out SubmitRefusal? refusal));
        Assert.Equal(SubmitRefusal.TooLarge, refusal);
        GenerationRequest justFits = RandomRequests.Endless(prompt: 100, maxTokens: 29) with { Choices = 6 };
        Assert.Equal(RandomRequests.Alone(justFits), await ReadAsync(Submit(scheduler, justFits), 6));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, GenerationRequest> Hostile => new()
    {
        { "Prompt", new GenerationRequest { Prompt = [], MaxTokens = 1 } },
        { "Prompt", new GenerationRequest { Prompt = [1, -1], MaxTokens = 1 } },
        { "Prompt", new GenerationRequest { Prompt = [48], MaxTokens = 1 } },
        { "Prompt", new GenerationRequest { Prompt = [int.MaxValue], MaxTokens = 1 } },
        { "Prompt", new GenerationRequest { Prompt = [.. Enumerable.Repeat(1, 513)], MaxTokens = 0 } },
        { "MaxTokens", new GenerationRequest { Prompt = [1], MaxTokens = -1 } },
        { "MaxTokens", new GenerationRequest { Prompt = [1], MaxTokens = int.MaxValue } },
        { "Choices", new GenerationRequest { Prompt = [1], MaxTokens = 1, Choices = 0 } },
        { "Choices", new GenerationRequest { Prompt = [1], MaxTokens = 1, Choices = int.MaxValue } },
        { "PromptLogProbs", new GenerationRequest { Prompt = [1], MaxTokens = 1, PromptLogProbs = -1 } },
        { "PromptLogProbs", new GenerationRequest { Prompt = [1], MaxTokens = 1, PromptLogProbs = int.MaxValue } },
    };

    [Theory]
    [MemberData(nameof(Hostile), DisableDiscoveryEnumeration = true)]
    public async Task TrySubmit_BrokenRequest_ThrowsAndNamesTheProperty(string property, GenerationRequest request)
    {
        await using Scheduler scheduler = Create(new FakeModel());
        var error = Assert.ThrowsAny<ArgumentException>(() => scheduler.TrySubmit(request, out _, out _));
        Assert.Contains(property, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, scheduler.Statistics.Queued);
    }

    [Fact]
    public async Task StopAsync_InTime_LetsAllFinishAndTakesNoMore()
    {
        using var gate = new ManualResetEventSlim();
        await using Scheduler scheduler = Create(new FakeModel { OnForward = _ => gate.Wait() }, options => options with { MaxRunning = 1 });
        GenerationHandle[] handles = [Submit(scheduler, Short), Submit(scheduler, Short)];
        Task stopping = scheduler.StopAsync(TimeSpan.FromMinutes(1), Stop);

        Assert.False(scheduler.TrySubmit(Short, out _, out SubmitRefusal? refusal));
        Assert.Equal(SubmitRefusal.Stopping, refusal);
        Assert.False(stopping.IsCompleted);
        gate.Set();
        foreach (GenerationHandle handle in handles) Assert.Equal(RandomRequests.Alone(Short), await ReadAsync(handle, 1));
        await stopping;
    }

    [Fact]
    public async Task StopAsync_TimeIsUp_FailsTheRest()
    {
        var time = new FakeTimeProvider();
        await using Scheduler scheduler = Create(Endless(), options => options with { MaxRunning = 1 }, time);
        GenerationHandle[] handles =
        [
            Submit(scheduler, RandomRequests.Endless(prompt: 3, maxTokens: 1_000_000)),
            Submit(scheduler, RandomRequests.Endless(prompt: 3, maxTokens: 1_000_000)),
        ];
        Task stopping = scheduler.StopAsync(TimeSpan.FromSeconds(10), Stop);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(stopping.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(1));
        await stopping;

        foreach (GenerationHandle handle in handles)
        {
            var error = await Assert.ThrowsAsync<GenerationFailedException>(() => ReadAsync(handle, 1));
            Assert.Equal(GenerationFailure.Stopped, error.Failure);
        }

        Assert.Equal(0, scheduler.Statistics.Kv.Used);
    }

    [Fact]
    public async Task DisposeAsync_Twice_IsQuiet()
    {
        Scheduler scheduler = Create(new FakeModel());
        await scheduler.DisposeAsync();
        await scheduler.DisposeAsync();
        Assert.False(scheduler.TrySubmit(Short, out _, out SubmitRefusal? refusal));
        Assert.Equal(SubmitRefusal.Stopping, refusal);
    }

    [Fact]
    public async Task Meter_ListenerThrowsOnTheSchedulersThread_FailsTheRequestsAndTheNextWork()
    {
        string name = nameof(Meter_ListenerThrowsOnTheSchedulersThread_FailsTheRequestsAndTheNextWork);
        await using Scheduler scheduler = Create(new FakeModel(), options => options with { Name = name });
        using (MeterListener listener = Listen(name, (_, _) => throw new InvalidOperationException("bad listener")))
        {
            var error = await Assert.ThrowsAsync<GenerationFailedException>(() => ReadAsync(Submit(scheduler, Short), 1));
            Assert.Equal(GenerationFailure.Internal, error.Failure);
        }

        Assert.Equal(RandomRequests.Alone(Short), await ReadAsync(Submit(scheduler, Short), 1));
    }

    [Fact]
    public async Task Meter_SomeRequests_CountsTheirTokens()
    {
        string name = nameof(Meter_SomeRequests_CountsTheirTokens);
        var counts = new Dictionary<string, long>();
        await using Scheduler scheduler = Create(new FakeModel(), options => options with { Name = name });
        using MeterListener listener = Listen(name, (instrument, value) => counts[instrument] = counts.GetValueOrDefault(instrument) + value);
        await ReadAsync(Submit(scheduler, Short), 1);
        await ReadAsync(Submit(scheduler, Short), 1);
        listener.RecordObservableInstruments();
        await scheduler.StopAsync(Timeout.InfiniteTimeSpan, Stop);

        Assert.Equal(10, counts["konko.engine.tokens.generated"]);
        Assert.Equal(40 + 8, counts["konko.engine.tokens.prefilled"]);
        Assert.Equal(32, counts["konko.engine.tokens.cached"]);
        Assert.False(counts.ContainsKey("konko.engine.preemptions"));
        Assert.Equal(0, counts["konko.engine.sequences.running"]);
        Assert.Equal(0, counts["konko.engine.requests.queued"]);
        Assert.Equal(2, counts["konko.engine.kv.pages"]);
    }

    private static MeterListener Listen(string model, Action<string, long> onMeasured)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Tags?.Any(tag => Equals(tag.Value, model)) == true) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => onMeasured(instrument.Name, value));
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => onMeasured(instrument.Name, value));
        listener.Start();
        return listener;
    }

    /// <summary>A model whose context no test comes to the end of.</summary>
    private static FakeModel Endless() => new(contextLength: 1_100_000, maxStepTokens: 640);

    private static Scheduler Create(FakeModel model, Func<SchedulerOptions, SchedulerOptions>? change = null, TimeProvider? time = null)
    {
        SchedulerOptions options = StepHarness.Options(pages: 4096);
        if (model.ContextLength > 512) options = options with { KvBytes = 40_000 * model.KvLayout.PageBytes };
        return new Scheduler(model, [FakeModel.EndToken], change?.Invoke(options) ?? options, time ?? TimeProvider.System);
    }

    private static GenerationHandle Submit(Scheduler scheduler, GenerationRequest request)
    {
        Assert.True(scheduler.TrySubmit(request, out GenerationHandle? handle, out SubmitRefusal? refusal), $"{refusal}");
        return handle;
    }

    private static async Task<string> ReadAsync(GenerationHandle handle, int choices)
    {
        var transcript = new Transcript(choices);
        await foreach (GenerationOutput output in handle.ReadAllAsync(Stop)) transcript.Add(output);
        return transcript.ToString();
    }
}
