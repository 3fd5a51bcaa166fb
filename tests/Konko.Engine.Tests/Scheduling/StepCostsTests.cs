using Konko.Engine.Scheduling;

namespace Konko.Engine.Tests.Scheduling;

public sealed class StepCostsTests
{
    [Fact]
    public void Decoding_NothingSeen_RisesButLessThanTheTokens()
    {
        var costs = new StepCosts();
        Assert.Equal(1, costs.Decoding(1));
        Assert.True(costs.Decoding(1) < costs.Decoding(2) && costs.Decoding(2) < costs.Decoding(4) && costs.Decoding(8) < 8);
        Assert.Equal(int.MaxValue, costs.PromptTokensBeside(4, stretch: 2));
    }

    [Fact]
    public void Decoding_OneClassSeen_ScalesTheGuessesOfTheOthers()
    {
        var costs = new StepCosts();
        double ratio = costs.Decoding(8) / costs.Decoding(1);
        costs.Record(1, 0, TimeSpan.FromMilliseconds(4));
        Assert.Equal(4 * TimeSpan.TicksPerMillisecond, costs.Decoding(1));
        Assert.Equal(ratio, costs.Decoding(8) / costs.Decoding(1), 1e-9);
    }

    [Fact]
    public void Decoding_AStepHeldUp_HardlyMovesTheEstimate()
    {
        StepCosts costs = Seen(1, 4);
        costs.Record(1, 0, TimeSpan.FromSeconds(3));
        Assert.InRange(costs.Decoding(1), 4.0 * TimeSpan.TicksPerMillisecond, 4.5 * TimeSpan.TicksPerMillisecond);
    }

    [Fact]
    public void Decoding_ClassNoLongerSeen_DriftsBackToTheGuess()
    {
        StepCosts costs = Seen(1, 4);
        double guess = costs.Decoding(8);
        for (int i = 0; i < 50; i++) costs.Record(8, 0, TimeSpan.FromMilliseconds(100));
        Assert.True(costs.Decoding(8) > 5 * guess);
        for (int i = 0; i < 1200; i++) costs.Record(1, 0, TimeSpan.FromMilliseconds(4));
        Assert.InRange(costs.Decoding(8) / guess, 0.9, 1.2);
    }

    [Fact]
    public void PromptTokensBeside_BothCostsSeen_AreWhatTheStretchPaysFor()
    {
        StepCosts costs = Seen(8, 10);
        for (int i = 0; i < 50; i++) costs.Record(8, 40, TimeSpan.FromMilliseconds(30));
        Assert.InRange(costs.PromptTokensBeside(8, stretch: 2.5), 29, 31);
    }

    [Fact]
    public void Record_ClockStandsStill_TeachesNothing()
    {
        var costs = new StepCosts();
        costs.Record(1, 0, TimeSpan.Zero);
        costs.Record(1, 100, TimeSpan.Zero);
        Assert.Equal(1, costs.Decoding(1));
    }

    private static StepCosts Seen(int tokens, double milliseconds)
    {
        var costs = new StepCosts();
        for (int i = 0; i < 50; i++) costs.Record(tokens, 0, TimeSpan.FromMilliseconds(milliseconds));
        return costs;
    }
}
