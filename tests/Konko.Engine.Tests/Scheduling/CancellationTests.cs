using Konko.Engine.Scheduling;

namespace Konko.Engine.Tests.Scheduling;

public sealed class CancellationTests
{
    [Fact]
    public void Cancel_Running_FreesItsPagesAtTheNextStep()
    {
        using var harness = new StepHarness();
        SteppedRequest request = harness.Submit(RandomRequests.Endless(prompt: 40, maxTokens: 100));
        harness.Step();
        harness.Step();
        Assert.Equal(2, request.Transcript.Tokens);

        request.Cancel();
        harness.Step();

        Assert.True(request.IsCancelled);
        Assert.Equal(2, request.Transcript.Tokens);
        Assert.False(harness.IsBusy);
        harness.AssertNoPageLost();
    }

    [Fact]
    public void Cancel_InTheQueue_LeavesAtTheNextStepAndNeverStarts()
    {
        using var harness = new StepHarness(StepHarness.Options() with { MaxRunning = 1, MaxQueued = 2 });
        SteppedRequest running = harness.Submit(RandomRequests.Endless(prompt: 40, maxTokens: 100));
        harness.Step();
        SteppedRequest queued = harness.Submit(RandomRequests.Endless(prompt: 40, maxTokens: 100));
        SteppedRequest next = harness.Submit(RandomRequests.Endless(prompt: 3, maxTokens: 1));

        queued.Cancel();
        harness.Step();
        running.Cancel();
        harness.Step();

        Assert.True(queued.IsCancelled);
        Assert.False(queued.Transcript.Started);
        Assert.NotNull(next.Whole());
    }

    [Fact]
    public void Cancel_InPrefill_EndsWithoutAToken()
    {
        using var harness = new StepHarness(StepHarness.Options() with { PrefillChunk = 10 });
        SteppedRequest request = harness.Submit(RandomRequests.Endless(prompt: 100, maxTokens: 100) with { Choices = 3 });
        harness.Step();
        request.Cancel();
        harness.Step();

        Assert.True(request.IsCancelled);
        Assert.Equal(0, request.Transcript.Tokens);
        harness.AssertNoPageLost();
    }

    [Fact]
    public void CancelChoice_One_LetsTheOthersGoOnAndEndWell()
    {
        using var harness = new StepHarness();
        GenerationRequest all = RandomRequests.Endless(prompt: 40, maxTokens: 30) with { Choices = 3 };
        SteppedRequest request = harness.Submit(all);
        for (int i = 0; i < 10; i++) harness.Step();
        request.CancelChoice(1);
        harness.RunToEnd();

        request.Whole();
        Assert.Equal(30 + 10 + 30, request.Transcript.Tokens);
        harness.AssertNoPageLost();
    }

    [Fact]
    public void CancelChoice_EveryOneBeforeTheStart_EndsWellWithNothing()
    {
        using var harness = new StepHarness();
        SteppedRequest request = harness.Submit(RandomRequests.Endless(prompt: 40, maxTokens: 30) with { Choices = 2 });
        request.CancelChoice(0);
        request.CancelChoice(1);
        harness.Step();

        Assert.Equal("||", request.Whole());
        Assert.False(request.Transcript.Started);
    }

    /// <summary>Requests come and go at random, in a pool that is too small; nobody's answer changes and no page is lost.</summary>
    [Theory]
    [InlineData(1, 10, 16)]
    [InlineData(2, 40, 64)]
    [InlineData(3, 400, 512)]
    public void Load_ThousandsOfRequestsWithRandomCancels_LosesNoPageAndChangesNoAnswer(int seed, int pages, int chunk)
    {
        GenerationRequest[] kinds = RandomRequests.Make(60, seed, maxPrompt: 150, maxTokens: 30);
        string[] alone = [.. kinds.Select(RandomRequests.Alone)];
        var random = new Random(seed);
        using var harness = new StepHarness(StepHarness.Options(pages) with { PrefillChunk = chunk, PrefillTokenBudget = 2 * chunk });
        var live = new List<(int Kind, SteppedRequest Request, bool Touched)>();
        int wanted = GateScale.Of(reduced: 1_500, whole: 15_000);
        int submitted = 0, whole = 0, cancelled = 0;
        while (submitted < wanted || live.Count > 0)
        {
            while (submitted < wanted && live.Count < 40 && random.Next(3) != 0)
            {
                int kind = random.Next(kinds.Length);
                live.Add((kind, harness.Submit(kinds[kind]), false));
                submitted++;
            }

            if (live.Count > 0 && random.Next(4) == 0)
            {
                int victim = random.Next(live.Count);
                (int kind, SteppedRequest request, _) = live[victim];
                if (random.Next(2) == 0) request.Cancel();
                else request.CancelChoice(random.Next(request.Request.Choices));
                live[victim] = (kind, request, true);
            }

            harness.Step();
            for (int i = live.Count - 1; i >= 0; i--)
            {
                (int kind, SteppedRequest request, bool touched) = live[i];
                if (!request.IsCompleted) continue;
                live.RemoveAt(i);
                Assert.Null(request.Error);
                if (touched)
                {
                    cancelled++;
                    string[] parts = request.Transcript.ToString().Split('|'), expected = alone[kind].Split('|');
                    Assert.All(parts.Zip(expected), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
                }
                else
                {
                    whole++;
                    Assert.Equal(alone[kind], request.Whole());
                }
            }
        }

        Assert.False(harness.IsBusy);
        harness.AssertNoPageLost();
        Assert.True(whole > 300 && cancelled > 100, $"{whole} whole, {cancelled} cancelled");
    }
}
