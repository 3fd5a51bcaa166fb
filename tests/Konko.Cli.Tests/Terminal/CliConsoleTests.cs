using Konko.Cli.Terminal;
using Konko.Cli.Tests.Support;

namespace Konko.Cli.Tests.Terminal;

public sealed class CliConsoleTests
{
    [Fact]
    public void Write_Pipe_GetsTheExactText()
    {
        var test = new TestConsole(terminal: false);
        test.Console.Write("\e[31m\r\n\0 end");
        test.Console.EndLine();
        test.Console.Note("12 tokens");

        Assert.Equal("\e[31m\r\n\0 end", test.Output);
        Assert.Equal("12 tokens\n", test.Error);
    }

    [Fact]
    public void Write_Terminal_GetsNoCommandsAndALineEnd()
    {
        var test = new TestConsole();
        test.Console.Write("\e[31mred");
        test.Console.EndLine();
        test.Console.EndLine();

        Assert.Equal("␛[31mred\n", test.Output);
    }

    [Theory]
    [InlineData("NO_COLOR", "1", "konko: bad ␛[2J\n")]
    [InlineData("NO_COLOR", "", "\e[31mkonko:\e[0m bad ␛[2J\n")]
    [InlineData("TERM", "dumb", "konko: bad ␛[2J\n")]
    [InlineData("TERM", "xterm", "\e[31mkonko:\e[0m bad ␛[2J\n")]
    public void Fail_Terminal_IsColouredUnlessNotWanted(string name, string value, string expected)
    {
        var test = new TestConsole(environment: (name, value));
        test.Console.Fail("bad\n\e[2J");

        Assert.Equal(expected, test.Error);
    }

    [Fact]
    public void Note_Quiet_SaysNothing()
    {
        var test = new TestConsole();
        test.Console.IsQuiet = true;
        test.Console.Note("12 tokens");
        test.Console.Fail("bad");

        Assert.DoesNotContain("tokens", test.Error, StringComparison.Ordinal);
        Assert.Contains("bad", test.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Deliver_ReaderHasGone_IsTold()
    {
        using var stream = new GoneStream();
        var console = new CliConsole(new StreamWriter(stream), TextWriter.Null, default, new ScreenSize(() => (80, 24)), _ => null);
        console.Write("text");

        Assert.Throws<BrokenPipeException>(console.Deliver);
        console.Flush();
    }

    private sealed class GoneStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("Broken pipe");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("Broken pipe");

        public override void Flush()
        {
        }
    }
}
