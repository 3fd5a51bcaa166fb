using Konko.Cli.Terminal;

namespace Konko.Cli.Tests.Terminal;

public sealed class TextWrapTests
{
    [Fact]
    public void Lines_LongLine_BreaksAtWords() => Assert.Equal(["one two three four", "five six"], TextWrap.Lines("one two three four five six", 20));

    [Fact]
    public void Lines_LineWithColumns_GoesOnBelowTheLast() =>
        Assert.Equal(["  /set  Shows parameters, or", "        sets one."], TextWrap.Lines("  /set  Shows parameters, or sets one.", 30));

    [Fact]
    public void Lines_NarrowWindow_LosesNothing() =>
        Assert.Equal("/set shows parameters or sets one".Split(' '), TextWrap.Lines("/set  shows parameters or sets one", 6).SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("  indented")]
    public void Lines_LineThatFits_IsItself(string line) => Assert.Equal([line], TextWrap.Lines(line, 40));
}
