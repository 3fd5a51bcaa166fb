using Konko.Cli.Tests.Support;

namespace Konko.Cli.Tests.Chat;

/// <summary>Conversations in a real terminal.</summary>
[Trait("Gate", "terminal")]
public sealed class ChatTerminalTests
{
    private const string Ready = "Ctrl-D leaves.\n>";

    [Fact]
    public async Task Chat_EmbeddedModel_IsAConversationFromPromptToPrompt()
    {
        await using Tmux tmux = await Tmux.StartAsync(100, 30, [], "chat", "--model", Repository.SmolLM2, "-t", "0.5", "-s", "5");
        await tmux.WaitAsync(Ready);
        await tmux.EnterAsync("What is 2+2?");
        string screen = await tmux.WaitAsync(screen => screen.EndsWith("ended by itself\n\n>", StringComparison.Ordinal), "the answer and a prompt");
        await tmux.KeysAsync("C-d");
        await LeftAsync(tmux);
        await tmux.EnterAsync("echo back in the shell");
        await tmux.WaitAsync("\nback in the shell\n");

        Assert.Contains("\n> What is 2+2?\n2 + 2 = 4 as we know it.\n13 tokens, ", screen, StringComparison.Ordinal);
        Assert.Equal(["\"What is 2+2?\""], await File.ReadAllLinesAsync(tmux.History, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Chat_SeveralLines_ByBackslashQuotesAndPaste()
    {
        await using var server = new FakeServer("fine");
        await using Tmux tmux = await StartAsync(server);
        await tmux.EnterAsync(@"one\");
        await tmux.WaitAsync("\n> one\\\n…");
        await tmux.EnterAsync("two");
        await AnsweredAsync(tmux, 1);
        await tmux.EnterAsync("\"\"\"three");
        await tmux.EnterAsync("four\"\"\"");
        await AnsweredAsync(tmux, 2);
        await tmux.PasteAsync("five\nsix");
        await tmux.WaitAsync("> five\n… six");
        await tmux.EnterAsync("!");
        await AnsweredAsync(tmux, 3);

        Assert.Equal(["one\ntwo", "three\nfour", "five\nsix!"], server.Requests.Select(LastQuestion));
    }

    [Fact]
    public async Task Chat_ControlCWhileAnswering_StopsTheAnswerAndTheProgramGoesOn()
    {
        int asked = 0;
        await using var server = new FakeServer(_ => new FakeAnswer(["half an answer"]) { GoesOn = asked++ == 0 });
        await using Tmux tmux = await StartAsync(server);
        await tmux.EnterAsync("first");
        string live = await tmux.WaitAsync("half an answer\n1 token");
        await tmux.TypeAsync("typed ahead");
        await tmux.KeysAsync("C-c");
        string stopped = await tmux.WaitAsync(screen => screen.EndsWith("\n> typed ahead", StringComparison.Ordinal), "a prompt with what was typed ahead");
        await tmux.KeysAsync("Enter");
        await tmux.WaitAsync("ended by itself");
        await tmux.KeysAsync("C-c");
        await tmux.WaitAsync("Ctrl-C again leaves");
        await tmux.KeysAsync("C-c");
        await LeftAsync(tmux);

        Assert.DoesNotContain("ahead", live, StringComparison.Ordinal);
        Assert.Contains("> first\nhalf an answer\n1 token, first after ", stopped, StringComparison.Ordinal);
        Assert.Contains(", stopped\n", stopped, StringComparison.Ordinal);
        Assert.Equal(1, server.Left);
        Assert.Equal(["first", "typed ahead"], server.Requests.Select(LastQuestion));
    }

    [Fact]
    public async Task Chat_History_IsFoundWithArrowsAndTheNextTime()
    {
        await using var server = new FakeServer("fine");
        await using Tmux tmux = await StartAsync(server);
        await tmux.EnterAsync("first question");
        await AnsweredAsync(tmux, 1);
        await tmux.EnterAsync("/quit");
        await LeftAsync(tmux);
        await tmux.EnterAsync("clear");
        await tmux.WaitAsync(screen => screen == "shell:", "an empty screen");
        await tmux.EnterAsync(string.Join(' ', KonkoRun.Program.Concat(["chat", "--url", server.Url])));
        await tmux.WaitAsync(Ready);
        await tmux.KeysAsync("Up", "Up");
        await tmux.WaitAsync(screen => screen.EndsWith("\n> first question", StringComparison.Ordinal), "the question of before");
        await tmux.KeysAsync("Left", "Home", "BSpace", "C-k");
        await tmux.EnterAsync("next");
        await AnsweredAsync(tmux, 1);

        Assert.Equal(["first question", "next"], server.Requests.Select(LastQuestion));
    }

    [Fact]
    public async Task Chat_EscapesInAnAnswer_AreShown()
    {
        await using var server = new FakeServer("a\e[2Jb", "\e]0;title\ac\u009b5md");
        await using Tmux tmux = await StartAsync(server);
        await tmux.EnterAsync("Hi");
        string screen = await AnsweredAsync(tmux, 1);

        Assert.Contains("\na␛[2Jb␛]0;title␇c\uFFFD5md\n", screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_NarrowWindow_WrapsAnswerStatusAndPrompt()
    {
        await using var server = new FakeServer([.. Enumerable.Repeat("日本語テキスト", 6), " and words"]);
        await using Tmux tmux = await StartAsync(server, 21, 40);
        await tmux.EnterAsync("Eine lange Frage über 日本 in einem engen Fenster");
        string screen = await AnsweredAsync(tmux, 1);

        Assert.Contains("\n> Eine lange Frage ü\nber 日本 in einem en\ngen Fenster\n", screen, StringComparison.Ordinal);
        Assert.Contains("\n日本語テキスト日本語\nテキスト日本語テキス\n", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("tokens/s\n日", screen, StringComparison.Ordinal);
        // Once in the line of statistics, which is broken at words.
        Assert.Equal(1, Occurrences(screen, "7 tokens"));
    }

    [Fact]
    public async Task Chat_WindowIsMadeNarrowerAndWider_PromptIsDrawnAnew()
    {
        await using var server = new FakeServer("fine");
        await using Tmux tmux = await StartAsync(server, 80, 24);
        await tmux.TypeAsync("one two three four five six seven eight nine ten");
        await tmux.ResizeAsync(30, 24);
        await tmux.WaitAsync(screen => screen.EndsWith("\n> one two three four five six\n seven eight nine ten", StringComparison.Ordinal), "two rows");
        await tmux.ResizeAsync(60, 24);
        await tmux.WaitAsync(screen => screen.EndsWith("\n> one two three four five six seven eight nine ten", StringComparison.Ordinal), "one row");
        await tmux.KeysAsync("Home", "Delete", "Delete", "Delete", "Delete", "Enter");
        string screen = await AnsweredAsync(tmux, 1);

        Assert.Equal("two three four five six seven eight nine ten", LastQuestion(Assert.Single(server.Requests)));
        Assert.Equal(1, Occurrences(screen, "seven"));
    }

    [Fact]
    public async Task Chat_WindowChangesWhileAnswering_StatusLeavesNothingBehind()
    {
        await using var server = new FakeServer(_ => new FakeAnswer(["some words of an answer that is longer than the narrow window"]) { GoesOn = true });
        await using Tmux tmux = await StartAsync(server, 80, 24);
        await tmux.EnterAsync("Hi");
        await tmux.WaitAsync("narrow window\n1 token");
        await tmux.ResizeAsync(40, 24);
        await tmux.KeysAsync("C-c");
        string screen = await tmux.WaitAsync(screen => screen.EndsWith(", stopped\n\n>", StringComparison.Ordinal), "a prompt");

        Assert.Contains("\nsome words of an answer that is longer th\nan the narrow window\n1 token, first after ".Replace("th\nan", "t\nhan", StringComparison.Ordinal), screen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NO_COLOR=1", false)]
    [InlineData("KONKO_API_KEY=x", true)]
    public async Task Chat_NoColor_HasNone(string setting, bool coloured)
    {
        await using var server = new FakeServer("fine");
        await using Tmux tmux = await StartAsync(server, 80, 24, setting);
        await tmux.EnterAsync("Hi");
        await AnsweredAsync(tmux, 1);

        Assert.Equal(coloured, (await tmux.ColoursAsync()).Contains('\e', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Chat_OneQuestionAtATerminal_EndsWithALineAndStatistics()
    {
        await using var server = new FakeServer("fine", "\e[2J");
        await using Tmux tmux = await Tmux.StartAsync(80, 24, [], "chat", "Hi", "--url", server.Url);
        string screen = await tmux.WaitAsync(screen => screen.EndsWith("ended by itself\nshell:", StringComparison.Ordinal), "the shell's prompt");

        Assert.Contains("\nfine␛[2J\n2 tokens, ", screen, StringComparison.Ordinal);
    }

    private static async Task<Tmux> StartAsync(FakeServer server, int columns = 100, int rows = 30, params string[] environment)
    {
        Tmux tmux = await Tmux.StartAsync(columns, rows, environment, "chat", "--url", server.Url);
        await tmux.WaitAsync(screen => screen.EndsWith("leaves.\n>", StringComparison.Ordinal) || screen.EndsWith("\nleaves.\n>", StringComparison.Ordinal), "the first prompt");
        return tmux;
    }

    private static Task<string> AnsweredAsync(Tmux tmux, int answers) =>
        tmux.WaitAsync(screen => Occurrences(screen.Replace("\n", " ", StringComparison.Ordinal), "ended by itself") == answers && screen.EndsWith("\n>", StringComparison.Ordinal), $"{answers} answers and a prompt");

    private static Task<string> LeftAsync(Tmux tmux) => tmux.WaitAsync(screen => screen.EndsWith("\nshell:", StringComparison.Ordinal), "the shell's prompt again");

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;

    private static string LastQuestion(System.Text.Json.Nodes.JsonNode request) => (string)request["messages"]!.AsArray()[^1]!["content"]!;
}
