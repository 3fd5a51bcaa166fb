namespace Konko.Load.Tests;

public sealed class ArrivalsTests
{
    [Fact]
    public void Of_Fixed_AreEquallyFarApart() => Assert.Equal([0, 0.25, 0.5, 0.75], Arrivals.Of(ArrivalPattern.Fixed, 4, 1).Take(4));

    [Fact]
    public void Of_Poisson_HasTheRateAndTheSpreadOfExponentialTimes()
    {
        double[] at = [.. Arrivals.Of(ArrivalPattern.Poisson, 20, 7).Take(20_001)];
        double[] between = [.. at.Zip(at.Skip(1), (a, b) => b - a)];
        double mean = between.Average(), deviation = Math.Sqrt(between.Average(time => (time - mean) * (time - mean)));

        Assert.InRange(mean, 0.049, 0.051);
        Assert.InRange(deviation / mean, 0.97, 1.03);
    }

    [Fact]
    public void Of_SameSeed_IsTheSame()
    {
        Assert.Equal(Arrivals.Of(ArrivalPattern.Poisson, 3, 5).Take(50), Arrivals.Of(ArrivalPattern.Poisson, 3, 5).Take(50));
        Assert.NotEqual(Arrivals.Of(ArrivalPattern.Poisson, 3, 5).Take(50), Arrivals.Of(ArrivalPattern.Poisson, 3, 6).Take(50));
    }
}
