using Konko.Engine.Scheduling.Drafting;

namespace Konko.Engine.Tests.Scheduling.Drafting;

public sealed class AcceptanceTests
{
    [Fact]
    public void Estimate_NothingSeen_RisesWithTheMatch()
    {
        var acceptance = new Acceptance();
        float[] estimates = [.. new[] { 2, 3, 4, 8, 32 }.Select(acceptance.Estimate)];
        Assert.Equal(estimates.Order(), estimates);
        Assert.True(estimates[0] < 0.5f && estimates[^1] > 0.8f);
    }

    [Fact]
    public void Record_AlwaysRight_ComesNearOne()
    {
        var acceptance = new Acceptance();
        for (int i = 0; i < 10; i++) acceptance.Record(3, right: 7, wrong: false);
        Assert.InRange(acceptance.Estimate(3), 0.93f, 1f);
        Assert.InRange(acceptance.Estimate(8), 0.84f, 0.86f);
    }

    [Fact]
    public void Record_AlwaysWrong_FallsAndIsForgottenInTime()
    {
        var acceptance = new Acceptance();
        for (int i = 0; i < 10; i++) acceptance.Record(3, right: 0, wrong: true);
        Assert.InRange(acceptance.Estimate(3), 0f, 0.25f);
        acceptance.Fade(500);
        Assert.InRange(acceptance.Estimate(3), 0.45f, 0.5f);
    }
}
