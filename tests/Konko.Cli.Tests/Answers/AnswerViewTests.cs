using System.Text.RegularExpressions;
using Konko.Cli.Answers;
using Konko.Cli.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Konko.Cli.Tests.Answers;

public sealed partial class AnswerViewTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Add_Pipe_WritesTheTextAlone()
    {
        var test = new TestConsole(terminal: false);
        Show(test, Text("one\e[31m "), Thought("hm"), Text("two"));

        Assert.Equal("one\e[31m two", test.Output);
    }

    [Fact]
    public void Add_Terminal_ShowsTokensAndSpeedBelowUntilTheEnd()
    {
        var test = new TestConsole(environment: ("NO_COLOR", "1"));
        Show(test, Text("one "), Text("two "), Text("three"));

        Assert.Contains("\eD\e[A\e7\r\n2 tokens, 1.0 tokens/s\e8\e[Jthree", test.Output, StringComparison.Ordinal);
        Assert.EndsWith("\e[J\n", test.Output, StringComparison.Ordinal);
        Assert.Equal("one two three\n", Seen(test.Output));
    }

    [Fact]
    public void Add_RowIsFull_LeavesTheCursorWhereItIs()
    {
        var test = new TestConsole(columns: 10, environment: ("NO_COLOR", "1"));
        Show(test, Text("0123456789"), Text("ab"));

        Assert.Contains("0123456789ab", test.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_NarrowWindow_CutsTheStatus()
    {
        var test = new TestConsole(columns: 10, environment: ("NO_COLOR", "1"));
        Show(test, Text("one"), Text("two"));

        Assert.Contains("\r\n2 tokens,\e8", test.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_Thoughts_AreDimAndApart()
    {
        var test = new TestConsole();
        Show(test, Thought("hm "), Thought("yes"), Text("Four."));

        Assert.Matches(@"\e\[2mhm ", test.Output);
        Assert.Equal("hm yes\n\nFour.\n", Seen(test.Output));
    }

    [Fact]
    public void Add_ThoughtsWithoutColour_AreNamed()
    {
        var test = new TestConsole(environment: ("NO_COLOR", "1"));
        Show(test, Thought("hm"), Text("Four."));

        Assert.Equal("(thinking) hm\n\nFour.\n", Seen(test.Output));
        Assert.DoesNotMatch(@"\e\[[0-9;]*m", test.Output);
    }

    [Fact]
    public void Add_Quiet_ShowsNoStatus()
    {
        var test = new TestConsole();
        test.Console.IsQuiet = true;
        Show(test, Text("one"));

        Assert.Equal("one\n", test.Output);
    }

    private void Show(TestConsole test, params AnswerPiece[] pieces)
    {
        var view = new AnswerView(test.Console, new AnswerStatistics(_time));
        view.Begin();
        foreach (AnswerPiece piece in pieces)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            view.Add(piece);
        }

        view.End();
    }

    private static AnswerPiece Text(string text) => new() { Text = text, IsToken = true, Json = () => "" };

    private static AnswerPiece Thought(string text) => new() { Thought = text, IsToken = true, Json = () => "" };

    /// <summary>What stays on a screen that is wide enough: statuses are erased, each between saving and restoring the cursor.</summary>
    private static string Seen(string output) => Sequence().Replace(Status().Replace(output, ""), "");

    [GeneratedRegex(@"(\eD\e\[A)?\e7[^\e]*(\e\[2m[^\e]*\e\[0m)?\e8", RegexOptions.Singleline)]
    private static partial Regex Status();

    [GeneratedRegex(@"\e\[[0-9;]*[A-Za-z]")]
    private static partial Regex Sequence();
}
