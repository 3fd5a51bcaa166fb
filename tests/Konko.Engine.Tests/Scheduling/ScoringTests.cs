using Konko.Engine.Scheduling;

namespace Konko.Engine.Tests.Scheduling;

/// <summary>The prompt's own log-probabilities.</summary>
public sealed class ScoringTests
{
    private static readonly GenerationRequest Request = RandomRequests.Endless(prompt: 200, maxTokens: 5) with { PromptLogProbs = 2 };

    [Fact]
    public void PromptLogProbs_LongPrompt_ScoresEveryTokenButTheFirst()
    {
        string[] scores = RandomRequests.Alone(Request).Split('|')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(200, scores.Length);
        Assert.Equal(":/", scores[0]);
        Assert.All(scores.Skip(1).Zip(Request.Prompt.Skip(1)), pair =>
        {
            Assert.StartsWith($"{pair.Second}:", pair.First, StringComparison.Ordinal);
            Assert.EndsWith("/2", pair.First, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void PromptLogProbs_ManyAtOnce_AskForFewRowsAStep()
    {
        using var harness = new StepHarness();
        SteppedRequest[] requests = [.. Enumerable.Range(0, 5).Select(_ => harness.Submit(Request))];
        int most = 0;
        harness.Model.OnForward = step => most = Math.Max(most, step.LogitRows);
        harness.RunToEnd();

        Assert.InRange(most, 2, ContinuousBatch.MaxScoredRows + 5);
        Assert.All(requests, r => Assert.Equal(RandomRequests.Alone(Request), r.Whole()));
    }

    [Fact]
    public void PromptLogProbs_PrefixIsCached_TakesNothingFromTheCache()
    {
        using var harness = new StepHarness();
        harness.Submit(Request with { PromptLogProbs = null });
        harness.RunToEnd();
        SteppedRequest scored = harness.Submit(Request);
        harness.RunToEnd();

        Assert.Equal(0, scored.Transcript.CachedTokens);
        Assert.Equal(RandomRequests.Alone(Request), scored.Whole());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(33)]
    [InlineData(100)]
    public void PromptLogProbs_NoTokensWanted_ScoresAndEnds(int prompt)
    {
        GenerationRequest scoreOnly = RandomRequests.Endless(prompt, maxTokens: 0) with { PromptLogProbs = 0, Choices = 3 };
        using var harness = new StepHarness();
        SteppedRequest request = harness.Submit(scoreOnly);
        harness.RunToEnd();

        string whole = request.Whole();
        Assert.Equal(prompt, request.Transcript.Scores.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(RandomRequests.Alone(scoreOnly with { MaxTokens = 4 }).Split('|')[0], whole.Split('|')[0]);
        Assert.Equal(0, request.Transcript.Tokens);
        harness.AssertNoPageLost();
    }

    [Fact]
    public void MaxTokens_ZeroWithoutScores_StartsAndEndsWithoutTheModel()
    {
        using var harness = new StepHarness();
        SteppedRequest request = harness.Submit(RandomRequests.Endless(prompt: 100, maxTokens: 0));
        harness.Model.OnForward = _ => Assert.Fail("There is nothing to compute.");
        harness.Step();

        Assert.Equal("|", request.Whole());
        Assert.True(request.Transcript.Started);
    }

    [Fact]
    public void PromptLogProbs_PreemptedWhileScoring_ScoresOnWhereItStood()
    {
        using var harness = new StepHarness(StepHarness.Options(pages: 10) with { PrefillTokenBudget = 1 });
        SteppedRequest older = harness.Submit(RandomRequests.Endless(prompt: 20, maxTokens: 250, seed: 1));
        while (older.Transcript.Tokens == 0) harness.Step();
        SteppedRequest scored = harness.Submit(Request);
        while (harness.Metrics.Preemptions == 0) harness.Step();
        Assert.True(scored.Transcript.Started);
        Assert.Empty(scored.Transcript.Scores);

        harness.RunToEnd();

        Assert.Equal(RandomRequests.Alone(Request), scored.Whole());
        Assert.NotNull(older.Whole());
    }
}
