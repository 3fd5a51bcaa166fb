using Konko.Cli.Chat.Editing;
using Konko.Cli.Terminal;

namespace Konko.Cli.Tests.Chat.Editing;

public sealed class EditorLayoutTests
{
    [Theory]
    [InlineData("", 0, "> ", 0, 2)]
    [InlineData("abc", 1, "> abc", 0, 3)]
    [InlineData("a\nb", 3, "> a/… b", 1, 3)]
    [InlineData("abcdef", 6, "> abcdef", 0, 8)]
    [InlineData("abcdefg", 7, "> abcdefg/", 1, 0)]
    [InlineData("abcdefgh", 8, "> abcdefg/h", 1, 1)]
    [InlineData("abcdef日", 7, "> abcdef/日", 1, 2)]
    [InlineData("日本日", 0, "> 日本日", 0, 2)]
    [InlineData("a\tb", 3, "> a    b", 0, 8)]
    [InlineData("a\eb", 3, "> a␛b", 0, 5)]
    public void Of_TenColumns_LeavesTheLastOneFree(string text, int cursor, string rows, int row, int column)
    {
        EditorLayout layout = EditorLayout.Of("> ", "… ", text, cursor, 10);

        Assert.Equal((rows, row, column), (string.Join('/', layout.Rows), layout.CursorRow, layout.CursorColumn));
        Assert.All(layout.Rows, line => Assert.InRange(CellWidth.Of(line), 0, 9));
    }

    [Theory]
    [InlineData(0, "0 1 2", 0)]
    [InlineData(5, "4 5 6", 1)]
    [InlineData(9, "7 8 9", 2)]
    public void Window_MoreRowsThanTheScreen_ShowsThoseAroundTheCursor(int cursor, string rows, int row)
    {
        EditorLayout window = new EditorLayout([.. Enumerable.Range(0, 10).Select(number => $"{number}")], cursor, 0).Window(3);

        Assert.Equal((rows, row), (string.Join(' ', window.Rows), window.CursorRow));
    }
}
