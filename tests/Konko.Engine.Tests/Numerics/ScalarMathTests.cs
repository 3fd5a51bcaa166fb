using Konko.Engine.Numerics;

namespace Konko.Engine.Tests.Numerics;

public sealed class ScalarMathTests
{
    public static TheoryData<string, double> Singles { get; } = new()
    {
        { "Exp", 1 }, { "Log", 1 }, { "Tanh", 1.5 }, { "Erf", 1.5 }, { "Sigmoid", 2.5 }, { "Silu", 2.5 },
    };

    [Theory]
    [MemberData(nameof(Singles))]
    public void Single_AllMagnitudes_WithinUlps(string name, double ulps)
    {
        (Func<float, float> function, Func<double, double> exact) = name switch
        {
            "Exp" => ((Func<float, float>)ScalarMath.Exp, (Func<double, double>)Math.Exp),
            "Log" => (ScalarMath.Log, Math.Log),
            "Tanh" => (ScalarMath.Tanh, Math.Tanh),
            "Erf" => (ScalarMath.Erf, ExactErf),
            "Sigmoid" => (ScalarMath.Sigmoid, x => 1 / (1 + Math.Exp(-x))),
            _ => (ScalarMath.Silu, x => x / (1 + Math.Exp(-x))),
        };

        // From −85 on for the last two: below, e⁻ˣ leaves the range of float and they are 0 instead of subnormal.
        bool logistic = name is "Sigmoid" or "Silu";
        foreach (float x in FloatSamples.All(9973))
        {
            if (float.IsNaN(x) || (logistic && (x < -85 || x > 1e38))) continue;
            double distance = FloatSamples.Ulps(function(x), exact(x));
            Assert.True(distance <= ulps, $"{name}({x:G9}) = {function(x):G9}, {distance:F2} ulp from {exact(x):G12}");
        }
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(-104f, 0f)]
    [InlineData(-1e30f, 0f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(88.73f, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Exp_Ends_AreExact(float x, float expected) => Assert.Equal(expected, ScalarMath.Exp(x));

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(1f, 0.84119199f)]
    [InlineData(-1f, -0.158808010f)]
    [InlineData(3f, 2.99636245f)]
    [InlineData(-3f, -0.00363754935f)]
    [InlineData(60f, 60f)]
    [InlineData(-60f, -0f)]
    public void Gelu_KnownValues_Agree(float x, float expected) => Assert.Equal(expected, ScalarMath.Gelu(x), 1e-6f);

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(1f, 0.841344746f)]
    [InlineData(-1f, -0.158655254f)]
    [InlineData(3f, 2.99595031f)]
    [InlineData(-3f, -0.00404969409f)]
    [InlineData(60f, 60f)]
    [InlineData(-60f, -0f)]
    public void GeluErf_KnownValues_Agree(float x, float expected) => Assert.Equal(expected, ScalarMath.GeluErf(x), 1e-6f);

    [Fact]
    public void Double_RandomArguments_WithinTwoUlpsOfTheRuntime()
    {
        var random = new Random(7);
        for (int i = 0; i < 200_000; i++)
        {
            double x = (random.NextDouble() * 2 - 1) * (i % 3 == 0 ? 1 : i % 3 == 1 ? 30 : 700);
            double angle = (random.NextDouble() * 2 - 1) * (i % 4 == 0 ? 1 : i % 4 == 1 ? 1e3 : i % 4 == 2 ? 1e7 : 1e9);
            if (i % 5 == 0) angle = Math.Floor(angle);
            double power = random.NextDouble() * 1e6;
            double exponent = random.NextDouble() * 2 - 1;
            Assert.InRange(FloatSamples.Ulps(ScalarMath.Exp(x), Math.Exp(x)), 0, 2);
            Assert.InRange(FloatSamples.Ulps(ScalarMath.Log(Math.Exp(x)), Math.Log(Math.Exp(x))), 0, 2);
            Assert.InRange(FloatSamples.Ulps(ScalarMath.Log(1 + x / 800), Math.Log(1 + x / 800)), 0, 2);
            Assert.InRange(FloatSamples.Ulps(ScalarMath.Pow(power, exponent), Math.Pow(power, exponent)), 0, 2);
            Assert.InRange(FloatSamples.Ulps(ScalarMath.Sin(angle), Math.Sin(angle)), 0, 2);
            Assert.InRange(FloatSamples.Ulps(ScalarMath.Cos(angle), Math.Cos(angle)), 0, 2);
        }
    }

    [Fact]
    public void Double_SpecialArguments_FollowIeee()
    {
        Assert.Equal(1, ScalarMath.Exp(0.0));
        Assert.Equal(0, ScalarMath.Exp(-750.0));
        Assert.Equal(double.PositiveInfinity, ScalarMath.Exp(710.0));
        Assert.Equal(double.NaN, ScalarMath.Exp(double.NaN));
        Assert.Equal(0, ScalarMath.Log(1.0));
        Assert.Equal(double.NegativeInfinity, ScalarMath.Log(0.0));
        Assert.Equal(double.NaN, ScalarMath.Log(-1.0));
        Assert.Equal(double.PositiveInfinity, ScalarMath.Log(double.PositiveInfinity));
        Assert.Equal(1, ScalarMath.Pow(0, 0));
        Assert.Equal(0, ScalarMath.Pow(0, 2));
        Assert.Equal(double.PositiveInfinity, ScalarMath.Pow(0, -2));
        Assert.Equal(1024, ScalarMath.Pow(2, 10));
        Assert.Equal(double.NaN, ScalarMath.Pow(-2, 0.5));
        Assert.Equal(0, ScalarMath.Sin(0));
        Assert.Equal(1, ScalarMath.Cos(0));
    }

    /// <summary>erf by its series, or by the continued fraction of erfc where the series cancels.</summary>
    internal static double ExactErf(double x)
    {
        double a = Math.Abs(x);
        if (a > 6) return Math.Sign(x);
        if (a >= 3)
        {
            double fraction = 0;
            for (int k = 60; k > 0; k--) fraction = k / 2.0 / (a + fraction);
            return Math.Sign(x) * (1 - Math.Exp(-a * a) / Math.Sqrt(Math.PI) / (a + fraction));
        }

        double sum = 0, term = a;
        for (int k = 0; k < 100; k++)
        {
            sum += term / (2 * k + 1);
            term = -term * a * a / (k + 1);
        }

        return Math.Sign(x) * sum * 2 / Math.Sqrt(Math.PI);
    }
}
