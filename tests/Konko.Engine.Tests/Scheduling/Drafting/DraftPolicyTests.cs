using Konko.Engine.Scheduling;

namespace Konko.Engine.Tests.Scheduling.Drafting;

/// <summary>Drafts where they pay, on machines where a step's tokens are cheap and on those where they are not.</summary>
public sealed class DraftPolicyTests
{
    private const int Tokens = 300;

    [Fact]
    public void Run_TokensOfAStepAreNearlyFree_IsSeveralTimesAsFast()
        => Assert.True(Time(Constant, 15, tokens => 4 + 0.1 * tokens) < 0.25 * Time(Constant, 0, tokens => 4 + 0.1 * tokens));

    [Fact]
    public void Run_EveryTokenCostsTheSame_HardlyDrafts()
        => Assert.True(Time(Constant, 15, tokens => 4.0 * tokens) < 1.05 * Time(Constant, 0, tokens => 4.0 * tokens));

    [Fact]
    public void Run_TextDoesNotRepeatItself_LosesNothing()
        => Assert.True(Time(Free, 15, tokens => 4 + tokens) < 1.05 * Time(Free, 0, tokens => 4 + tokens));

    [Fact]
    public void Step_PromptIsInWork_DraftsNothing()
    {
        using var harness = new StepHarness(StepHarness.Options() with { DraftTokens = 15, PrefillTokenBudget = 8 });
        SteppedRequest stream = harness.Submit(Constant);
        while (stream.Transcript.Tokens < 30) harness.Step();
        SteppedRequest late = harness.Submit(Free);
        while (late.Transcript.Tokens == 0)
        {
            int before = stream.Transcript.Tokens;
            harness.Step();
            Assert.Equal(before + 1, stream.Transcript.Tokens);
        }
    }

    [Fact]
    public void Step_ManyStreams_HaveNoRoomForDrafts()
    {
        using var harness = new StepHarness(StepHarness.Options() with { DraftTokens = 15 });
        for (int i = 0; i < 16; i++) harness.Submit(Constant);
        harness.RunToEnd();
        Assert.Equal(0, harness.Metrics.DraftedTokens);
    }

    [Fact]
    public void Step_LastPagesAreWanted_DraftsTakeNone()
    {
        // Two sequences of two pages each: what a draft needs of a page more is left to those who need it for sure.
        using var harness = new StepHarness(StepHarness.Options(pages: 5) with { DraftTokens = 15 });
        SteppedRequest[] both = [harness.Submit(Constant with { MaxTokens = 50 }), harness.Submit(Constant with { MaxTokens = 50 })];
        harness.RunToEnd();
        Assert.All(both, r => Assert.Equal(50, r.Transcript.Tokens));
        Assert.Equal(0, harness.Metrics.Preemptions);
        Assert.True(harness.Metrics.AcceptedTokens > 0);
    }

    private static GenerationRequest Free => RandomRequests.Endless(prompt: 40, maxTokens: Tokens);

    private static GenerationRequest Constant => RandomRequests.Endless(prompt: 10, maxTokens: Tokens) with
    {
        Sampling = new() { IgnoreEos = true, LogitBias = new Dictionary<int, float> { [5] = 100 } },
    };

    /// <summary>Milliseconds of a request on a machine whose steps take so long.</summary>
    private static double Time(GenerationRequest request, int drafts, Func<int, double> cost)
    {
        using var harness = new StepHarness(StepHarness.Options() with { DraftTokens = drafts });
        harness.Model.OnForward = step => harness.Time.Advance(TimeSpan.FromMilliseconds(cost(step.Tokens.Length)));
        DateTimeOffset start = harness.Time.GetUtcNow();
        SteppedRequest stepped = harness.Submit(request);
        harness.RunToEnd();
        Assert.Equal(RandomRequests.Alone(request), stepped.Whole());
        return (harness.Time.GetUtcNow() - start).TotalMilliseconds;
    }
}
