using Konko.Engine.Scheduling;

namespace Konko.Engine.Tests.Scheduling.Drafting;

/// <summary>Whatever is drafted, an answer is the same to the bit. The fake model reads back every position, so one stale key changes it.</summary>
[Trait("Gate", "invariance")]
public sealed class DraftingInvarianceTests
{
    private static readonly GenerationRequest[] Requests =
        [.. RandomRequests.Make(40, seed: 17), .. EchoRequests.Make(60, seed: 18, maxPrompt: 150, maxTokens: 90, FakeModel.FirstRareToken)];

    private static readonly string[] Plain = [.. Requests.Select(RandomRequests.Alone)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(15)]
    public void Drafts_OfAnyLength_SameAnswersInNoMoreSteps(int draft)
    {
        long accepted = 0, wrong = 0;
        for (int i = 0; i < Requests.Length; i++)
        {
            using var plain = new StepHarness();
            plain.Submit(Requests[i]);
            plain.RunToEnd();
            using var harness = new StepHarness(Options(draft: draft));
            SteppedRequest stepped = harness.Submit(Requests[i]);
            harness.RunToEnd();
            Assert.Equal(Plain[i], stepped.Whole());
            Assert.True(harness.Steps <= plain.Steps, $"{harness.Steps} steps instead of {plain.Steps}");
            harness.AssertNoPageLost();
            accepted += harness.Metrics.AcceptedTokens;
            wrong += harness.Metrics.DraftedTokens - harness.Metrics.AcceptedTokens;
        }

        Assert.True(accepted > 100 && wrong > 100, $"{accepted} drafted tokens were right, {wrong} were not");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(16)]
    public void Drafts_InBatches_SameAnswers(int size)
    {
        int[] order = [.. Enumerable.Range(0, Requests.Length)];
        new Random(size).Shuffle(order);
        foreach (int[] group in order.Chunk(size))
        {
            using var harness = new StepHarness(Options());
            SteppedRequest[] stepped = [.. group.Select(i => harness.Submit(Requests[i]))];
            harness.RunToEnd();
            Assert.Equal(group.Select(i => Plain[i]), stepped.Select(r => r.Whole()));
            harness.AssertNoPageLost();
        }
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(11, 17)]
    [InlineData(16, 512)]
    public void Drafts_PoolTooSmallForAll_SameAnswers(int pages, int chunk)
    {
        GenerationRequest[] requests =
            [.. Requests.Where(r => r.MaxTokens > 0).Take(80).Select(r => r with { Prompt = [.. r.Prompt.Take(60)], MaxTokens = r.MaxTokens + 60 })];
        using var harness = new StepHarness(Options(pages) with { PrefillChunk = chunk });
        SteppedRequest[] stepped = [.. requests.Select(harness.Submit)];
        harness.RunToEnd();
        Assert.Equal(requests.Select(RandomRequests.Alone), stepped.Select(r => r.Whole()));
        Assert.True(harness.Metrics.Preemptions > 0 && harness.Metrics.AcceptedTokens > 0);
        harness.AssertNoPageLost();
    }

    [Fact]
    public void Drafts_FollowUpTurn_FindsTheDraftedTokensInTheCache()
    {
        GenerationRequest first = Constant(prompt: 40, maxTokens: 61);
        using var harness = new StepHarness(Options());
        SteppedRequest stepped = harness.Submit(first);
        harness.RunToEnd();
        Assert.True(harness.Metrics.AcceptedTokens > 30);
        GenerationRequest second = first with { Prompt = [.. first.Prompt, .. Enumerable.Repeat(5, 61), 3, 4], Sampling = new() };

        SteppedRequest follow = harness.Submit(second);
        harness.RunToEnd();

        Assert.NotNull(stepped.Whole());
        Assert.Equal(96, follow.Transcript.CachedTokens);
        Assert.Equal(RandomRequests.Alone(second), follow.Whole());
    }

    [Fact]
    public void Drafts_TextRepeatsItself_TakeAFewStepsOnly()
    {
        using var harness = new StepHarness(Options());
        SteppedRequest stepped = harness.Submit(Constant(prompt: 10, maxTokens: 200));
        harness.RunToEnd();

        Assert.Equal(200, stepped.Transcript.Tokens);
        Assert.InRange(harness.Steps, 200 / 16, 200 / 4);
    }

    [Fact]
    public void Drafts_NeverRight_AreGivenUp()
    {
        // Every pair of a small vocabulary comes again and again, and says nothing of what follows it.
        using var harness = new StepHarness(Options());
        SteppedRequest stepped = harness.Submit(RandomRequests.Endless(prompt: 100, maxTokens: 400));
        harness.RunToEnd();

        Assert.Equal(400, stepped.Transcript.Tokens);
        Assert.InRange(harness.Metrics.DraftedTokens - harness.Metrics.AcceptedTokens, 1, 200);
    }

    [Fact]
    public void Drafts_OneCancelledInTheMiddle_LeaveTheOthersAlone()
    {
        using var harness = new StepHarness(Options());
        GenerationRequest request = Constant(prompt: 50, maxTokens: 150) with { Choices = 3 };
        SteppedRequest stepped = harness.Submit(request), gone = harness.Submit(Constant(prompt: 60, maxTokens: 150));
        for (int i = 0; i < 4; i++) harness.Step();
        stepped.CancelChoice(1);
        gone.Cancel();
        harness.RunToEnd();

        Assert.True(gone.IsCancelled);
        string[] alone = RandomRequests.Alone(request).Split('|');
        Assert.Equal(alone[1], stepped.Transcript.Choice(0));
        Assert.StartsWith(stepped.Transcript.Choice(1), alone[2], StringComparison.Ordinal);
        Assert.Equal(alone[3], stepped.Transcript.Choice(2));
        harness.AssertNoPageLost();
    }

    [Fact]
    public void Drafts_LogitsNotNumbersAfterSome_KeepWhatCameBefore()
    {
        using var harness = new StepHarness(Options());
        SteppedRequest stepped = harness.Submit(Constant(prompt: 50, maxTokens: 150));
        for (int i = 0; i < 6; i++) harness.Step();
        int before = stepped.Transcript.Tokens;
        harness.Model.PoisonToken = 5;
        harness.RunToEnd();

        Assert.Equal(GenerationFailure.Sampling, Assert.IsType<GenerationFailedException>(stepped.Error).Failure);
        Assert.Equal(before, stepped.Transcript.Tokens);
        harness.AssertNoPageLost();
    }

    private static SchedulerOptions Options(int pages = 4096, int draft = 15) => StepHarness.Options(pages) with { DraftTokens = draft };

    /// <summary>A request whose answer is one token over and over.</summary>
    private static GenerationRequest Constant(int prompt, int maxTokens)
    {
        GenerationRequest request = RandomRequests.Endless(prompt, maxTokens);
        return request with { Sampling = request.Sampling with { LogitBias = new Dictionary<int, float> { [5] = 100 } } };
    }
}
