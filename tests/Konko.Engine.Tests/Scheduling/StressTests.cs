using Konko.Engine.Scheduling;
using Konko.Engine.Tests.Scheduling.Drafting;

namespace Konko.Engine.Tests.Scheduling;

/// <summary>Too many clients, too little memory, a model that fails now and then, and readers that go away.</summary>
public sealed class StressTests
{
    private const int Pages = 26;

    [Fact]
    public async Task ReadAll_TinyPoolFailuresAndVanishingClients_EveryRequestEndsRightOrInAClearError()
    {
        GenerationRequest[] kinds =
        [
            .. RandomRequests.Make(30, seed: 31, maxPrompt: 120, maxTokens: 60),
            .. EchoRequests.Make(30, seed: 32, maxPrompt: 120, maxTokens: 150, FakeModel.FirstRareToken),
        ];
        string[] alone = [.. kinds.Select(RandomRequests.Alone)];
        int steps = 0, whole = 0, failed = 0, refused = 0;
        var model = new FakeModel
        {
            OnForward = _ =>
            {
                if (++steps % 101 == 0) throw new InvalidDataException("a step that fails");
            },
        };
        SchedulerOptions options = StepHarness.Options(Pages) with { MaxRunning = 16, MaxQueued = 12, PrefillChunk = 50, DraftTokens = 15 };
        await using var scheduler = new Scheduler(model, [FakeModel.EndToken], options, TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(client => Task.Run(async () =>
        {
            var random = new Random(client);
            for (int i = 0; i < GateScale.Of(10, 100); i++)
            {
                int kind = random.Next(kinds.Length);
                GenerationHandle handle = await SubmitAsync(kinds[kind]);
                var transcript = new Transcript(kinds[kind].Choices);
                int patience = random.Next(3) == 0 ? random.Next(1, 30) : int.MaxValue;
                bool leaves = random.Next(2) == 0;
                try
                {
                    await foreach (GenerationOutput output in handle.ReadAllAsync(Stop))
                    {
                        transcript.Add(output);
                        if (--patience > 0) continue;
                        if (leaves) break;
                        handle.Cancel();
                    }

                    if (patience <= 0) continue;
                    Assert.Equal(alone[kind], transcript.ToString());
                    Interlocked.Increment(ref whole);
                }
                catch (OperationCanceledException) when (patience <= 0)
                {
                    AssertBeginning(alone[kind], transcript, kinds[kind].Choices);
                }
                catch (GenerationFailedException e)
                {
                    Assert.Equal(GenerationFailure.Forward, e.Failure);
                    Assert.IsType<InvalidDataException>(e.InnerException);
                    AssertBeginning(alone[kind], transcript, kinds[kind].Choices);
                    Interlocked.Increment(ref failed);
                }
            }
        })));

        await scheduler.StopAsync(Timeout.InfiniteTimeSpan, Stop);
        SchedulerStatistics rest = scheduler.Statistics;
        Assert.Equal((0, 0, 0, 0), (rest.Queued, rest.Running, rest.Waiting, rest.Kv.Used));
        Assert.Equal(rest.Kv.Committed, rest.Kv.Free + rest.Kv.Cached);
        Assert.True(whole > 100 && failed > 0 && refused > 0, $"{whole} whole, {failed} failed, {refused} refused at first");

        async Task<GenerationHandle> SubmitAsync(GenerationRequest request)
        {
            while (true)
            {
                if (scheduler.TrySubmit(request, out GenerationHandle? handle, out SubmitRefusal? refusal)) return handle;
                Assert.Equal(SubmitRefusal.QueueFull, refusal);
                Interlocked.Increment(ref refused);
                await Task.Yield();
            }
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static void AssertBeginning(string whole, Transcript transcript, int choices)
    {
        string[] parts = whole.Split('|');
        for (int i = 0; i < choices; i++) Assert.StartsWith(transcript.Choice(i), parts[1 + i], StringComparison.Ordinal);
    }
}
