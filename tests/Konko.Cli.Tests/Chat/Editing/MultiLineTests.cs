using Konko.Cli.Chat.Editing;

namespace Konko.Cli.Tests.Chat.Editing;

public sealed class MultiLineTests
{
    [Theory]
    [InlineData("hello", true, "hello")]
    [InlineData("  hello ", true, "hello")]
    [InlineData("one\\", false, null)]
    [InlineData("one\\\ntwo", true, "one\ntwo")]
    [InlineData("one\\\ntwo\\", false, null)]
    [InlineData("C:\\dir\\\\", true, "C:\\dir\\\\")]
    [InlineData("\"\"\"", false, null)]
    [InlineData("\"\"\"a", false, null)]
    [InlineData("\"\"\"\na \n\n b\n\"\"\"", true, "a \n\n b")]
    [InlineData("\"\"\"a\"\"\"", true, "a")]
    [InlineData("\"\"\"a\\\nb\"\"\"", true, "a\\\nb")]
    [InlineData("\"\"\"\"\"", false, null)]
    [InlineData("pasted\nlines", true, "pasted\nlines")]
    public void IsComplete_Text_WaitsForWhatIsOpen(string text, bool complete, string? resolved)
    {
        Assert.Equal(complete, MultiLine.IsComplete(text));
        if (complete) Assert.Equal(resolved, MultiLine.Resolve(text));
    }
}
