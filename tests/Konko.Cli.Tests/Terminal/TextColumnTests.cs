using Konko.Cli.Terminal;

namespace Konko.Cli.Tests.Terminal;

public sealed class TextColumnTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("abc\nde", 2)]
    [InlineData("0123456789", 10)]
    [InlineData("0123456789a", 1)]
    [InlineData("日本日本日", 10)]
    [InlineData("a日本日本日", 2)]
    [InlineData("\tx", 9)]
    [InlineData("abc\n", 0)]
    public void At_TenColumns_IsWhereTheTextEnds(string text, int expected)
    {
        var column = new TextColumn();
        foreach (char c in text) column.Add(c.ToString(), 10);

        Assert.Equal(expected, column.At(10));
    }

    [Fact]
    public void At_WindowMadeNarrower_FollowsTheTerminalsWrapping()
    {
        var column = new TextColumn();
        column.Add("x\n0123456789", 20);

        Assert.Equal(2, column.At(8));
        Assert.Equal(10, column.At(20));
    }
}
