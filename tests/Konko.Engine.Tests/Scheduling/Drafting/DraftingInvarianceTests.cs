using Konko.Engine.Scheduling;

namespace Konko.Engine.Tests.Scheduling.Drafting;

/// <summary>Whatever is drafted, an answer is the same to the bit. The fake model reads back every position, so one stale key changes it.</summary>
[Trait("Gate", "invariance")]
public sealed class DraftingInvarianceTests
{
    private static readonly GenerationRequest[] Requests =
        [.. RandomRequests.Make(40, seed: 17), .. EchoRequests.Make(60, seed: 18, maxPrompt: 150, maxTokens: 90, FakeModel.FirstRareToken)];

    private static readonly string[] Plain = [.. Requests.Select(RandomRequests.Alone)];

    private static SchedulerOptions Options(int pages = 4096, int draft = 15) => StepHarness.Options(pages) with { DraftTokens = draft };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(15)]
    public void Drafts_OfAnyLength_SameAnswersAsWithout(int draft)
    {
        foreach ((GenerationRequest request, string plain) in Requests.Zip(Plain))
        {
            using var harness = new StepHarness(Options(draft: draft));
            SteppedRequest stepped = harness.Submit(request);
            harness.RunToEnd();
            Assert.Equal(plain, stepped.Whole());
            harness.AssertNoPageLost();
        }
    }
}
