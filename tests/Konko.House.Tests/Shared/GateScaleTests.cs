namespace Konko.House.Tests.Shared;

public sealed class GateScaleTests
{
    [Theory]
    [InlineData(null, 300)]
    [InlineData("", 300)]
    [InlineData("whole", 3000)]
    [InlineData("WHOLE", 3000)]
    [InlineData("2", 600)]
    [InlineData("0.5", 150)]
    [InlineData("0.001", 1)]
    [InlineData("1e9", 3000)]
    public void Of_Setting_GivesItsCount(string? setting, int expected) =>
        Assert.Equal(expected, GateScale.Of(setting, reduced: 300, whole: 3000));

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("everything")]
    public void Of_NotACount_IsRefused(string setting) =>
        Assert.Throws<FormatException>(() => GateScale.Of(setting, reduced: 300, whole: 3000));
}
