namespace Konko.Engine.Tests.Scheduling;

/// <summary>How prompts share a step's tokens out among them, and how many they take from those who decode.</summary>
public sealed class PrefillSharingTests
{
    [Fact]
    public void Step_ShortPromptsBehindALongOne_GetPastItAndItKeepsHalf()
    {
        using var harness = new StepHarness(StepHarness.Options() with { PrefillTokenBudget = 32 });
        SteppedRequest longest = harness.Submit(RandomRequests.Endless(prompt: 400, maxTokens: 1));
        SteppedRequest[] shorts = [.. Enumerable.Range(1, 3).Select(i => harness.Submit(RandomRequests.Endless(prompt: 20, maxTokens: 1, seed: i)))];
        var steps = new List<int[]>();
        harness.Model.OnForward = step => steps.Add([.. step.Sequences.Select(s => s.TokenCount)]);
        while (shorts.Any(s => s.Transcript.Tokens == 0)) harness.Step();

        Assert.InRange(harness.Steps, 1, 5);
        Assert.All(steps, step => Assert.True(step[0] >= 16 && step.Sum() <= 32));
        harness.RunToEnd();
        Assert.InRange(harness.Steps, 1, 16);
        Assert.NotNull(longest.Whole());
    }

    [Fact]
    public void Step_ShortPromptsKeepArriving_LongOneComesToItsEndInTwiceItsSteps()
    {
        using var harness = new StepHarness(StepHarness.Options() with { PrefillTokenBudget = 32 });
        SteppedRequest longest = harness.Submit(RandomRequests.Endless(prompt: 400, maxTokens: 1));
        for (int i = 1; longest.Transcript.Tokens == 0; i++)
        {
            harness.Submit(RandomRequests.Endless(prompt: 30, maxTokens: 1, seed: i));
            harness.Submit(RandomRequests.Endless(prompt: 30, maxTokens: 1, seed: 1000 + i));
            harness.Step();
        }

        Assert.InRange(harness.Steps, 400 / 32, 2 * 400 / 32);
    }

    [Fact]
    public void Step_OneShortPromptTooMany_WaitsForOneOfThoseInWork()
    {
        using var harness = new StepHarness(StepHarness.Options() with { PrefillTokenBudget = 8 });
        SteppedRequest[] all = [.. Enumerable.Range(0, 6).Select(i => harness.Submit(RandomRequests.Endless(prompt: 40, maxTokens: 1, seed: i)))];
        harness.Step();

        Assert.Equal(4, all.Count(r => r.Transcript.Started));
        harness.RunToEnd();
        Assert.All(all, r => Assert.Equal(1, r.Transcript.Tokens));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void Step_PromptsArriveWhileOthersDecode_TakesAboutThriceTheTimeOfDecoding(int streams)
    {
        using var harness = new StepHarness(StepHarness.Options());
        TimeSpan Cost(int tokens) => TimeSpan.FromMilliseconds(3 + 0.5 * tokens);
        harness.Model.OnForward = step => harness.Time.Advance(Cost(step.Tokens.Length));
        SteppedRequest[] running = [.. Enumerable.Range(0, streams).Select(i => harness.Submit(RandomRequests.Endless(prompt: 20, maxTokens: 400, seed: i)))];
        for (int i = 0; i < 50; i++) harness.Step();
        SteppedRequest[] late = [.. Enumerable.Range(0, 2).Select(i => harness.Submit(RandomRequests.Endless(prompt: 300, maxTokens: 1, seed: 100 + i)))];
        var times = new List<TimeSpan>();
        var steps = 0;
        while (late.Any(r => r.Transcript.Tokens == 0))
        {
            DateTimeOffset before = harness.Time.GetUtcNow();
            harness.Step();
            if (++steps > 4) times.Add(harness.Time.GetUtcNow() - before);
        }

        Assert.All(times, time => Assert.True(time <= 3.3 * Cost(streams), $"{time} instead of {Cost(streams)}"));
        Assert.True(times.Average(time => time / Cost(streams)) > 1.8, "prompts get too little");
        Assert.All(running, r => Assert.False(r.IsCompleted));
    }
}
