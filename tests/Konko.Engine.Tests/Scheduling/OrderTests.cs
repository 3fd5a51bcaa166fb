using Konko.Engine.Models;
using Konko.Engine.Scheduling;

namespace Konko.Engine.Tests.Scheduling;

/// <summary>Who goes first, and who waits for whom.</summary>
public sealed class OrderTests
{
    [Fact]
    public void Step_LongPromptArrives_EveryStreamStillGetsATokenInEachStep()
    {
        using var harness = new StepHarness(StepHarness.Options() with { PrefillTokenBudget = 24, PrefillChunk = 16 });
        SteppedRequest[] streams = [.. Enumerable.Range(0, 4).Select(i => harness.Submit(RandomRequests.Endless(prompt: 3, maxTokens: 100, seed: i)))];
        while (streams.Any(s => s.Transcript.Tokens == 0)) harness.Step();
        var steps = new List<int[]>();
        harness.Model.OnForward = step => steps.Add([.. step.Sequences.Select(s => s.TokenCount)]);

        SteppedRequest late = harness.Submit(RandomRequests.Endless(prompt: 400, maxTokens: 1, seed: 9));
        while (late.Transcript.Tokens == 0)
        {
            int[] before = [.. streams.Select(s => s.Transcript.Tokens)];
            harness.Step();
            Assert.Equal(before.Select(n => n + 1), streams.Select(s => s.Transcript.Tokens));
        }

        Assert.Equal(400 / 16, steps.Count);
        Assert.All(steps, step => Assert.Equal([1, 1, 1, 1, 16], step));
    }

    [Fact]
    public void Step_OthersDecode_TakesFewerTokensOfAPromptThanAlone()
    {
        using var harness = new StepHarness(StepHarness.Options() with { PrefillTokenBudget = 64, PrefillChunk = 64, PrefillTokensBesideDecoding = 16 });
        var steps = new List<int>();
        harness.Model.OnForward = step => steps.Add(step.Sequences.Max(s => s.TokenCount));
        SteppedRequest first = harness.Submit(RandomRequests.Endless(prompt: 64, maxTokens: 100, seed: 1));
        while (first.Transcript.Tokens == 0) harness.Step();
        SteppedRequest second = harness.Submit(RandomRequests.Endless(prompt: 64, maxTokens: 1, seed: 2));
        while (second.Transcript.Tokens == 0) harness.Step();
        Assert.Equal([64, 16, 16, 16, 16], steps);
    }

    [Fact]
    public void Step_Mixed_PacksDecodingFirstAndKeepsTheBudget()
    {
        var options = StepHarness.Options() with { PrefillTokenBudget = 40, PrefillChunk = 30 };
        using var harness = new StepHarness(options);
        GenerationRequest[] requests = RandomRequests.Make(40, seed: 3);
        foreach (GenerationRequest request in requests) harness.Submit(request with { PromptLogProbs = null });
        int mixed = 0;
        harness.Model.OnForward = step =>
        {
            int[] counts = [.. step.Sequences.Select(s => s.TokenCount)];
            Assert.True(counts.Where(n => n > 1).Sum() <= options.PrefillTokenBudget);
            Assert.True(counts.Max() <= options.PrefillChunk);
            // One-token rows may close a prompt too, so decoding rows are told by their length alone where both occur.
            int firstLong = Array.FindIndex(counts, n => n > 1);
            if (firstLong <= 0) return;
            mixed++;
            Assert.All(counts[..firstLong], n => Assert.Equal(1, n));
            Assert.All(step.Sequences.Take(firstLong), s => Assert.Equal(1, s.LogitCount));
        };

        harness.RunToEnd();

        Assert.True(mixed > 10);
    }

    [Fact]
    public void Queue_OneAtATime_StartsInOrderOfSubmission()
    {
        using var harness = new StepHarness(StepHarness.Options() with { MaxRunning = 1 });
        SteppedRequest[] requests = [.. RandomRequests.Make(30, seed: 5).Select(harness.Submit)];
        while (harness.IsBusy)
        {
            harness.Step();
            bool[] started = [.. requests.Select(r => r.Transcript.Started)];
            Assert.DoesNotContain(true, started.SkipWhile(s => s));
        }
    }

    [Fact]
    public void Queue_HeadDoesNotFitYet_IsNotOvertaken()
    {
        using var harness = new StepHarness(StepHarness.Options(pages: 8));
        SteppedRequest first = harness.Submit(RandomRequests.Endless(prompt: 100, maxTokens: 60));
        harness.Step();
        SteppedRequest large = harness.Submit(RandomRequests.Endless(prompt: 200, maxTokens: 10, seed: 1));
        SteppedRequest small = harness.Submit(RandomRequests.Endless(prompt: 3, maxTokens: 2, seed: 2));
        while (!large.Transcript.Started)
        {
            Assert.False(small.Transcript.Started);
            harness.Step();
        }

        Assert.True(first.IsCompleted);
        harness.RunToEnd();
        Assert.NotNull(small.Whole());
    }

    [Fact]
    public void Preemption_PoolRunsOut_TakesTheYoungestAndTheOldestNeverWaits()
    {
        using var harness = new StepHarness(StepHarness.Options(pages: 8));
        SteppedRequest[] requests = [.. Enumerable.Range(0, 4).Select(i => harness.Submit(RandomRequests.Endless(prompt: 20, maxTokens: 200, seed: i)))];
        for (int tokens = 1; tokens <= 200; tokens++)
        {
            harness.Step();
            Assert.Equal(tokens, requests[0].Transcript.Tokens);
            int[] progress = [.. requests.Select(r => r.Transcript.Tokens)];
            Assert.Equal(progress.OrderDescending(), progress);
        }

        Assert.True(requests[0].IsCompleted);
        Assert.True(harness.Metrics.Preemptions > 0);
        harness.RunToEnd();
        Assert.All(requests, r => Assert.Equal(200, r.Transcript.Tokens));
    }

    [Fact]
    public void Deadline_WaitedTooLong_FailsWithoutAStart()
    {
        using var harness = new StepHarness(StepHarness.Options() with { MaxRunning = 1, QueueDeadline = TimeSpan.FromSeconds(5) });
        SteppedRequest running = harness.Submit(RandomRequests.Endless(prompt: 3, maxTokens: 20));
        SteppedRequest old = harness.Submit(RandomRequests.Endless(prompt: 3, maxTokens: 2));
        harness.Step();
        harness.Time.Advance(TimeSpan.FromSeconds(3));
        SteppedRequest young = harness.Submit(RandomRequests.Endless(prompt: 3, maxTokens: 2));
        harness.Step();
        Assert.False(old.IsCompleted);

        harness.Time.Advance(TimeSpan.FromSeconds(2.5));
        harness.Step();

        var error = Assert.IsType<GenerationFailedException>(old.Error);
        Assert.Equal(GenerationFailure.QueueDeadline, error.Failure);
        Assert.False(old.Transcript.Started);
        harness.RunToEnd();
        Assert.NotNull(running.Whole());
        Assert.NotNull(young.Whole());
    }

    [Fact]
    public void Started_AfterAWait_TellsHowLong()
    {
        using var harness = new StepHarness();
        var state = new RequestState(RandomRequests.Endless(prompt: 3, maxTokens: 1), [1, 2, 3], harness.Time.GetTimestamp());
        Assert.Null(harness.Queue.TryAdd(state));
        harness.Time.Advance(TimeSpan.FromSeconds(1.5));
        harness.Step();

        Assert.True(state.Outputs.TryRead(out GenerationOutput? output));
        Assert.Equal(new GenerationStarted(0, TimeSpan.FromSeconds(1.5)), output);
    }

    [Fact]
    public void Step_ManyChoices_SharesOneRowOfLogitsForTheFirstToken()
    {
        using var harness = new StepHarness();
        harness.Submit(RandomRequests.Endless(prompt: 10, maxTokens: 3) with { Choices = 6 });
        var rows = new List<int>();
        harness.Model.OnForward = (StepBatch step) => rows.Add(step.LogitRows);
        harness.RunToEnd();

        Assert.Equal([1, 6, 6], rows);
    }
}
