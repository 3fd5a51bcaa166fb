using Konko.Engine.Scheduling;

namespace Konko.Engine.Tests.Scheduling;

/// <summary>Whatever the scheduler does, an answer is the same to the bit.</summary>
[Trait("Gate", "invariance")]
public sealed class InvarianceTests
{
    private static readonly GenerationRequest[] Requests = RandomRequests.Make(64, seed: 7);
    private static readonly string[] Alone = [.. Requests.Select(RandomRequests.Alone)];

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(16)]
    public void Batch_InShuffledOrder_SameAnswersAsAlone(int size)
    {
        int[] order = [.. Enumerable.Range(0, Requests.Length)];
        new Random(size).Shuffle(order);
        foreach (int[] group in order.Chunk(size))
        {
            using var harness = new StepHarness();
            SteppedRequest[] stepped = [.. group.Select(i => harness.Submit(Requests[i]))];
            harness.RunToEnd();
            Assert.Equal(group.Select(i => Alone[i]), stepped.Select(r => r.Whole()));
            harness.AssertNoPageLost();
        }
    }

    [Theory]
    [InlineData(1, 512)]
    [InlineData(17, 512)]
    [InlineData(64, 100)]
    [InlineData(512, 512)]
    [InlineData(512, 1)]
    [InlineData(512, 33)]
    public void Prefill_AnyChunkAndBudget_SameAnswers(int chunk, int budget)
    {
        using var harness = new StepHarness(StepHarness.Options() with { PrefillChunk = chunk, PrefillTokenBudget = budget });
        SteppedRequest[] stepped = [.. Requests.Select(harness.Submit)];
        harness.RunToEnd();
        Assert.Equal(Alone, stepped.Select(r => r.Whole()));
        harness.AssertNoPageLost();
    }

    [Fact]
    public void PrefixCache_SecondRound_HitsAndGivesTheSameAnswers()
    {
        using var harness = new StepHarness();
        int[] cached = new int[2];
        for (int round = 0; round < 2; round++)
        {
            SteppedRequest[] stepped = [.. Requests.Select(harness.Submit)];
            harness.RunToEnd();
            Assert.Equal(Alone, stepped.Select(r => r.Whole()));
            cached[round] = stepped.Sum(r => r.Transcript.CachedTokens);
        }

        Assert.Equal(
            Requests.Where(r => r.PromptLogProbs is null && r.MaxTokens > 0).Sum(r => (r.Prompt.Count - 1) / 32 * 32),
            cached[1]);
        Assert.True(cached[0] < cached[1]);
    }

    [Fact]
    public void PrefixCache_FollowUpTurn_HitsGeneratedTokensToo()
    {
        using var harness = new StepHarness();
        GenerationRequest first = RandomRequests.Endless(prompt: 40, maxTokens: 61);
        SteppedRequest stepped = harness.Submit(first);
        harness.RunToEnd();
        int[] generated = [.. stepped.Transcript.Choice(0).Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(t => t.Contains(':')).Select(t => int.Parse(t.Split(':')[0]))];
        GenerationRequest second = first with { Prompt = [.. first.Prompt, .. generated, 3, 4, 5] };

        SteppedRequest follow = harness.Submit(second);
        harness.RunToEnd();

        Assert.Equal(96, follow.Transcript.CachedTokens);
        Assert.Equal(RandomRequests.Alone(second), follow.Whole());
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(9, 17)]
    [InlineData(12, 64)]
    [InlineData(20, 512)]
    public void Pool_TooSmallForAll_PreemptsAndGivesTheSameAnswers(int pages, int chunk)
    {
        // Short prompts and long answers: what was let in outgrows the pool.
        GenerationRequest[] requests =
        [
            .. Requests.Where(r => r.MaxTokens > 0).Take(24)
                .Select(r => r with { Prompt = [.. r.Prompt.Take(40)], MaxTokens = 150, Sampling = r.Sampling with { IgnoreEos = true } }),
        ];
        using var harness = new StepHarness(StepHarness.Options(pages) with { PrefillChunk = chunk });
        SteppedRequest[] stepped = [.. requests.Select(harness.Submit)];
        harness.RunToEnd();
        Assert.Equal(requests.Select(RandomRequests.Alone), stepped.Select(r => r.Whole()));
        harness.AssertNoPageLost();
        Assert.True(harness.Metrics.Preemptions >= 10, $"{harness.Metrics.Preemptions} preemptions");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void MaxRunning_FewerThanChoices_SameAnswers(int maxRunning)
    {
        using var harness = new StepHarness(StepHarness.Options() with { MaxRunning = maxRunning });
        var busiest = 0;
        SteppedRequest[] stepped = [.. Requests.Select(harness.Submit)];
        while (harness.IsBusy)
        {
            harness.Step();
            busiest = Math.Max(busiest, harness.Batch.Running);
        }

        Assert.Equal(Alone, stepped.Select(r => r.Whole()));
        Assert.Equal(maxRunning, busiest);
        harness.AssertNoPageLost();
    }

    [Fact]
    public void Model_OfSmallSteps_SameAnswers()
    {
        using var harness = new StepHarness(StepHarness.Options(), new FakeModel(contextLength: 512, maxStepTokens: 3));
        SteppedRequest[] stepped = [.. Requests.Take(12).Select(harness.Submit)];
        harness.RunToEnd();
        Assert.Equal(Alone.Take(12), stepped.Select(r => r.Whole()));
    }

    [Fact]
    public void Choices_TheOthersCancelled_EachIsTheSameAsAmongAll()
    {
        GenerationRequest request = RandomRequests.Endless(prompt: 50, maxTokens: 40) with { Choices = 5 };
        using var harness = new StepHarness();
        SteppedRequest all = harness.Submit(request);
        SteppedRequest single = harness.Submit(request with { Choices = 1 });
        harness.RunToEnd();
        Assert.Equal(single.Transcript.Choice(0), all.Transcript.Choice(0));
        Assert.Equal(5, Enumerable.Range(0, 5).Select(all.Transcript.Choice).Distinct().Count());

        for (int kept = 0; kept < 5; kept++)
        {
            SteppedRequest one = harness.Submit(request);
            for (int i = 0; i < 5; i++)
            {
                if (i != kept) one.CancelChoice(i);
            }

            harness.RunToEnd();
            one.Whole();
            Assert.Equal(all.Transcript.Choice(kept), one.Transcript.Choice(kept));
            Assert.Equal(40, one.Transcript.Tokens);
        }
    }

    [Fact]
    public void Choices_SharePrompt_WhichIsComputedOnce()
    {
        using var harness = new StepHarness();
        harness.Submit(RandomRequests.Endless(prompt: 100, maxTokens: 2) with { Choices = 8 });
        int prefilled = 0;
        harness.Model.OnForward = step => prefilled += step.Tokens.Length;
        harness.Step();
        harness.Step();

        Assert.Equal(100 + 8, prefilled);
        Assert.False(harness.IsBusy);
        Assert.Equal(3 + 1 + 7, harness.Pool.Statistics.Committed);
    }
}
