namespace Konko.Load.Tests;

public sealed class LoadOptionsTests
{
    [Fact]
    public void Parse_EveryOption_IsTaken()
    {
        LoadOptions options = LoadOptions.Parse(
            ["--url", "http://h:1/v1/", "--rate", "2.5", "--arrivals", "fixed", "--requests", "9", "--exact", "--beside-rate", "1", "--seed", "4", "--slo-first", "250", "--timeout", "7", "--json"]);

        Assert.Equal("http://h:1/v1", options.Url.ToString());
        Assert.Equal((2.5, ArrivalPattern.Fixed, 9, true), (options.Rate, options.Pattern, options.Requests, options.Shape.Exact));
        Assert.Equal((4, 4), (options.Shape.Seed, options.BesideShape.Seed));
        Assert.Equal((TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(7), true), (options.Slo.FirstToken, options.Timeout, options.Json));
    }

    [Theory]
    [InlineData("--rate needs a value.", "--rate")]
    [InlineData("--clients must be a number of at least 1, not '0'.", "--clients", "0")]
    [InlineData("--arrivals must be poisson or fixed, not '1'.", "--arrivals", "1")]
    [InlineData("--ratte is no option.", "--ratte", "1")]
    public void Parse_WhatDoesNotFit_IsNamed(string message, params string[] arguments) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => LoadOptions.Parse(arguments)).Message);

    [Fact]
    public void Usage_EveryOption_IsInIt()
    {
        foreach (string word in LoadOptions.Usage.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith("--", StringComparison.Ordinal)))
        {
            FormatException? failure = Record.Exception(() => LoadOptions.Parse([word])) as FormatException;
            Assert.NotEqual($"{word} is no option.", failure?.Message);
        }
    }
}
