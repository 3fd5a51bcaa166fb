using Konko.Engine.Scheduling;

namespace Konko.Engine.Tests.Scheduling;

public sealed class FailureTests
{
    [Fact]
    public void Forward_Throws_FailsTheStepsRequestsAndTheNextOnesWork()
    {
        using var harness = new StepHarness(StepHarness.Options() with { MaxRunning = 2 });
        GenerationRequest[] requests = [.. Enumerable.Range(0, 3).Select(i => RandomRequests.Endless(prompt: 70, maxTokens: 10, seed: i))];
        SteppedRequest[] stepped = [.. requests.Select(harness.Submit)];
        harness.Step();
        harness.Model.OnForward = _ => throw new InvalidDataException("broken kernel");
        harness.Step();
        harness.Model.OnForward = null;
        harness.RunToEnd();

        foreach (SteppedRequest failed in stepped[..2])
        {
            var error = Assert.IsType<GenerationFailedException>(failed.Error);
            Assert.Equal(GenerationFailure.Forward, error.Failure);
            Assert.IsType<InvalidDataException>(error.InnerException);
            Assert.Equal(1, failed.Transcript.Tokens);
        }

        Assert.Equal(RandomRequests.Alone(requests[2]), stepped[2].Whole());
        harness.AssertNoPageLost();
        SteppedRequest again = harness.Submit(requests[0]);
        harness.RunToEnd();
        Assert.Equal(0, again.Transcript.CachedTokens);
        Assert.Equal(RandomRequests.Alone(requests[0]), again.Whole());
    }

    [Fact]
    public void Logits_NotNumbersForOne_FailOnlyThatOneAndLeaveNothingInTheCache()
    {
        GenerationRequest[] requests = RandomRequests.Make(16, seed: 11);
        GenerationRequest poisoned = RandomRequests.Endless(prompt: 80, maxTokens: 20) with { Choices = 3 };
        poisoned = poisoned with { Prompt = [.. poisoned.Prompt.Take(70), 45, .. poisoned.Prompt.Skip(70)] };
        using var harness = new StepHarness();
        harness.Model.PoisonToken = 45;
        SteppedRequest failing = harness.Submit(poisoned);
        SteppedRequest[] stepped = [.. requests.Select(harness.Submit)];
        harness.RunToEnd();

        Assert.Equal(GenerationFailure.Sampling, Assert.IsType<GenerationFailedException>(failing.Error).Failure);
        Assert.Equal(0, failing.Transcript.Tokens);
        Assert.Equal(requests.Select(RandomRequests.Alone), stepped.Select(r => r.Whole()));
        harness.AssertNoPageLost();

        harness.Model.PoisonToken = -1;
        SteppedRequest again = harness.Submit(poisoned);
        harness.RunToEnd();
        Assert.Equal(0, again.Transcript.CachedTokens);
        Assert.Equal(RandomRequests.Alone(poisoned), again.Whole());
    }

    [Fact]
    public void Logits_NotNumbersLaterOn_KeepWhatCameBefore()
    {
        GenerationRequest request = RandomRequests.Endless(prompt: 40, maxTokens: 60);
        string whole = RandomRequests.Alone(request);
        string[] tokens = whole.Split('|')[1].Split(' ');
        int poison = int.Parse(tokens[^20].Split(':')[0]);
        int first = Array.FindIndex(tokens, t => t.StartsWith($"{poison}:", StringComparison.Ordinal));
        using var harness = new StepHarness();
        SteppedRequest stepped = harness.Submit(request);
        harness.Step();
        harness.Model.PoisonToken = poison;
        harness.RunToEnd();

        Assert.Equal(GenerationFailure.Sampling, Assert.IsType<GenerationFailedException>(stepped.Error).Failure);
        Assert.StartsWith(stepped.Transcript.ToString(), whole, StringComparison.Ordinal);
        Assert.InRange(stepped.Transcript.Tokens, 1, first + 1);
        harness.AssertNoPageLost();
    }

    [Fact]
    public void PromptScore_NotANumber_FailsOnlyThatRequest()
    {
        using var harness = new StepHarness();
        harness.Model.PoisonToken = 45;
        SteppedRequest failing = harness.Submit(new GenerationRequest { Prompt = [1, 45, 2], MaxTokens = 0, PromptLogProbs = 1 });
        SteppedRequest fine = harness.Submit(new GenerationRequest { Prompt = [1, 2, 3], MaxTokens = 0, PromptLogProbs = 1 });
        harness.RunToEnd();

        Assert.Equal(GenerationFailure.Sampling, Assert.IsType<GenerationFailedException>(failing.Error).Failure);
        Assert.NotNull(fine.Whole());
        harness.AssertNoPageLost();
    }

    [Fact]
    public void Sampler_CannotBeMade_FailsOnlyThatRequest()
    {
        using var harness = new StepHarness();
        GenerationRequest fine = RandomRequests.Endless(prompt: 40, maxTokens: 5);
        SteppedRequest failing = harness.Submit(fine with { Choices = 2, Sampling = new() { LogitBias = new Dictionary<int, float> { [48] = 1 } } });
        SteppedRequest neighbour = harness.Submit(fine);
        harness.RunToEnd();

        Assert.Equal(GenerationFailure.Sampling, Assert.IsType<GenerationFailedException>(failing.Error).Failure);
        Assert.Equal(RandomRequests.Alone(fine), neighbour.Whole());
        harness.AssertNoPageLost();
    }
}
