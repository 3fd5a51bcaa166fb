using Konko.Cli.Terminal;

namespace Konko.Cli.Tests.Terminal;

public sealed class CellWidthTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("日本", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("🙂", 2)]
    [InlineData("👩‍👩‍👧", 2)]
    [InlineData("❤️", 2)]
    [InlineData("한국", 4)]
    public void Of_Text_IsWhatATerminalTakes(string text, int expected) => Assert.Equal(expected, CellWidth.Of(text));

    [Theory]
    [InlineData("abc", 2, "ab")]
    [InlineData("日本", 3, "日")]
    [InlineData("日本", 1, "")]
    [InlineData("e\u0301x", 1, "e\u0301")]
    [InlineData("abc", 9, "abc")]
    public void Cut_Text_EndsBeforeWhatDoesNotFit(string text, int cells, string expected) => Assert.Equal(expected, CellWidth.Cut(text, cells));
}
