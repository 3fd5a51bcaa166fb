using Konko.Cli.Chat.Editing;
using Konko.Cli.Tests.Support;

namespace Konko.Cli.Tests.Chat.Editing;

public sealed class LineEditorTests
{
    private readonly ScriptedKeys _keys = new();
    private readonly History _history = History.InMemory();

    [Fact]
    public async Task Read_TypedLine_IsTheText() => Assert.Equal((EditorOutcome.Done, "hello 日本"), await ReadAsync(_keys.Enter("hello 日本")));

    [Fact]
    public async Task Read_BackslashAtTheEnd_GoesOn() => Assert.Equal((EditorOutcome.Done, "one\ntwo"), await ReadAsync(_keys.Enter("one\\").Enter("two")));

    [Fact]
    public async Task Read_ThreeQuotes_GoOnToThreeQuotes() =>
        Assert.Equal((EditorOutcome.Done, "one\n\ntwo"), await ReadAsync(_keys.Enter("\"\"\"").Enter("one").Enter("").Enter("two").Enter("\"\"\"")));

    [Fact]
    public async Task Read_AltEnter_BeginsALine() =>
        Assert.Equal((EditorOutcome.Done, "one\ntwo"), await ReadAsync(_keys.Type("one").Press(ConsoleKey.Enter, alt: true).Enter("two")));

    [Fact]
    public async Task Read_PastedLines_AreOneText() => Assert.Equal((EditorOutcome.Done, "one\ntwo!"), await ReadAsync(_keys.Paste("one\ntwo").Enter("!")));

    [Fact]
    public async Task Read_EditingKeys_EditTheLine() => Assert.Equal(
        (EditorOutcome.Done, "brown dog"),
        await ReadAsync(_keys.Type("cats dog").Press(ConsoleKey.LeftArrow).Press(ConsoleKey.LeftArrow).Press(ConsoleKey.LeftArrow)
            .Press(ConsoleKey.U, control: true).Type("rown ").Press(ConsoleKey.Home).Enter("b")));

    [Fact]
    public async Task Read_ArrowUp_FindsWhatWasTyped()
    {
        _history.Add("older");
        _history.Add("newer");

        Assert.Equal((EditorOutcome.Done, "older!"), await ReadAsync(_keys.Type("x").Press(ConsoleKey.UpArrow).Press(ConsoleKey.UpArrow).Enter("!")));
        Assert.Equal("older!", _history.Entries[^1]);
    }

    [Fact]
    public async Task Read_ControlC_ThrowsTheLineAway() =>
        Assert.Equal((EditorOutcome.Done, "next"), await ReadAsync(_keys.Type("mistake").Press(ConsoleKey.C, control: true).Enter("next")));

    [Fact]
    public async Task Read_ControlCAtAnEmptyPrompt_Interrupts() => Assert.Equal((EditorOutcome.Interrupted, ""), await ReadAsync(_keys.Press(ConsoleKey.C, control: true)));

    [Fact]
    public async Task Read_ControlD_EndsOnlyWhereNothingIsTyped()
    {
        Assert.Equal((EditorOutcome.Done, "a"), await ReadAsync(_keys.Type("ab").Press(ConsoleKey.LeftArrow).Press(ConsoleKey.D, control: true).Press(ConsoleKey.Enter)));
        Assert.Equal((EditorOutcome.Ended, ""), await ReadAsync(_keys.Press(ConsoleKey.D, control: true)));
    }

    [Fact]
    public async Task Read_TerminalGoes_Ends() => Assert.Equal((EditorOutcome.Ended, ""), await ReadAsync(_keys.Type("half a line")));

    [Theory]
    [InlineData("/he", "/help")]
    [InlineData("/s", "/s")]
    [InlineData("/sa", "/save")]
    [InlineData("/set temp", "/set temperature")]
    [InlineData("he", "he")]
    public async Task Read_Tab_CompletesCommands(string typed, string expected) =>
        Assert.Equal((EditorOutcome.Done, expected), await ReadAsync(_keys.Type(typed).Press(ConsoleKey.Tab).Press(ConsoleKey.Enter)));

    private Task<(EditorOutcome Outcome, string Text)> ReadAsync(ScriptedKeys keys) =>
        new LineEditor(keys, new EditorScreen(new TestConsole().Console), _history, Cli.Chat.SlashCommands.Complete).ReadAsync(TestContext.Current.CancellationToken);
}
