using System.Text.Json.Nodes;
using Konko.Cli.Chat;
using Konko.Cli.Chat.Editing;
using Konko.Cli.Tests.Support;

namespace Konko.Cli.Tests.Chat;

public sealed class ChatSessionTests
{
    private readonly TestConsole _test = new(environment: ("NO_COLOR", "1"));
    private readonly ScriptedKeys _keys = new();
    private Conversation _conversation = new();

    [Fact]
    public async Task Run_TwoQuestions_AreOneConversation()
    {
        await using var server = new FakeServer("Hel", "lo\e[2J");
        await RunAsync(server, _keys.Enter("Hi").Enter("And you?").Enter("/stats").Enter("/quit").Enter("never"));

        Assert.Equal(["Hi", "Hello\e[2J", "And you?"], Contents(server.Requests[1]));
        Assert.Equal(2, server.Requests.Count);
        Assert.Contains("lo␛[2J", _test.Output, StringComparison.Ordinal);
        Assert.Contains("2 tokens", _test.Error, StringComparison.Ordinal);
        Assert.Contains("all:  2 answers, 4 tokens; 4 messages", _test.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SystemAndParameters_AreSent()
    {
        await using var server = new FakeServer("x");
        await RunAsync(server, _keys.Enter("/system Be brief.").Enter("/set temperature 0.5").Enter("/set seed 7").Enter("/set top-k 3").Enter("/set stop \"\\n\"").Enter("/set seed").Enter("Hi"));

        JsonNode request = Assert.Single(server.Requests);
        Assert.Equal(["Be brief.", "Hi"], Contents(request));
        Assert.Equal((0.5, 3, "\n"), (request["temperature"]!.GetValue<double>(), request["top_k"]!.GetValue<int>(), request["stop"]![0]!.GetValue<string>()));
        Assert.Null(request["seed"]);
    }

    [Fact]
    public async Task Run_RetryUndoClear_ChangeTheConversation()
    {
        await using var server = new FakeServer("x");
        await RunAsync(server, _keys.Enter("one").Enter("/retry").Enter("two").Enter("/undo").Enter("three").Enter("/clear").Enter("four"));

        Assert.Equal(["one", "one", "one x two", "one x three", "four"], server.Requests.Select(request => string.Join(' ', Contents(request))));
    }

    [Fact]
    public async Task Run_SlashTwice_IsAQuestion()
    {
        await using var server = new FakeServer("x");
        await RunAsync(server, _keys.Enter("//etc/passwd is what?"));

        Assert.Equal(["/etc/passwd is what?"], Contents(Assert.Single(server.Requests)));
    }

    [Theory]
    [InlineData("/nonsense", "/nonsense is no command; /help lists them.")]
    [InlineData("/set nonsense 1", "nonsense is no parameter; /set lists them.")]
    [InlineData("/set temperature warm", "temperature must be a number, not 'warm'.")]
    [InlineData("/model nonsense", "the server has no model 'nonsense'; /model lists what it has.")]
    [InlineData("/undo", "there is nothing to take back.")]
    [InlineData("/retry", "there is no question to ask again.")]
    [InlineData("/save", "/save needs the name of a file.")]
    [InlineData("/load nonsense.json", "nonsense.json")]
    public async Task Run_WrongCommand_IsSaidAndTheConversationGoesOn(string typed, string expected)
    {
        await using var server = new FakeServer("x");
        await RunAsync(server, _keys.Enter(typed).Enter("Hi"));

        Assert.Contains(expected, _test.Error.Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(["Hi"], Contents(Assert.Single(server.Requests)));
    }

    [Fact]
    public async Task Run_ServerRefuses_QuestionCanBeRetried()
    {
        int asked = 0;
        await using var server = new FakeServer(_ => asked++ == 0
            ? new FakeAnswer(["""{"error":{"message":"Too hot.","type":"invalid_request_error","param":"temperature","code":null}}"""]) { Status = 400 }
            : new FakeAnswer(["fine"]));
        await RunAsync(server, _keys.Enter("Hi").Enter("/retry"));

        Assert.Contains("konko: temperature: Too hot. (request req-1)\n", _test.Error, StringComparison.Ordinal);
        Assert.Equal(["Hi"], Contents(server.Requests[1]));
        Assert.Contains("fine", _test.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AnswerIsCut_StaysAndIsSaid()
    {
        await using var server = new FakeServer(_ => new FakeAnswer(["half"]) { IsCut = true });
        await RunAsync(server, _keys.Enter("Hi"));

        Assert.Contains("half", _test.Output, StringComparison.Ordinal);
        Assert.Contains("konko: ", _test.Error, StringComparison.Ordinal);
        Assert.Equal("half", _conversation.Turns[^1].Content);
    }

    [Fact]
    public async Task Run_InterruptWhileAnswering_KeepsWhatCameAndGoesOn()
    {
        int asked = 0;
        await using var server = new FakeServer(_ => new FakeAnswer(["half"]) { GoesOn = asked++ == 0 });
        await RunAsync(server, _keys.Enter("Hi").Enter("more"), interruptAt: "half");

        Assert.Equal(["Hi", "half", "more"], Contents(server.Requests[1]));
        Assert.Contains(", stopped", _test.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SaveAndLoad_GoOnLater()
    {
        string file = Path.GetTempFileName();
        File.Delete(file);
        await using var server = new FakeServer("x");
        await RunAsync(server, _keys.Enter("/system S").Enter("/set seed 3").Enter("one").Enter($"/save {file}").Enter($"/save {file}"));
        _conversation = new Conversation();
        await RunAsync(server, new ScriptedKeys().Enter($"/load {file}").Enter("two"));

        Assert.Equal(["S", "one", "x", "two"], Contents(server.Requests[1]));
        Assert.Equal(3, server.Requests[1]["seed"]!.GetValue<int>());
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        File.Delete(file);
    }

    [Fact]
    public async Task Run_SaveOverAnotherFile_IsRefused()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "dear diary", TestContext.Current.CancellationToken);
        await using var server = new FakeServer("x");
        await RunAsync(server, _keys.Enter("one").Enter($"/save {file}"));

        Assert.Contains("is no conversation that /save wrote", _test.Error.Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("dear diary", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        File.Delete(file);
    }

    [Fact]
    public async Task Run_ControlCTwiceAtAnEmptyPrompt_Leaves()
    {
        await using var server = new FakeServer("x");
        await RunAsync(server, _keys.Press(ConsoleKey.C, control: true).Enter("one").Press(ConsoleKey.C, control: true).Press(ConsoleKey.C, control: true).Enter("never"));

        Assert.Equal(["one"], server.Requests.SelectMany(Contents));
    }

    private async Task RunAsync(FakeServer server, ScriptedKeys keys, string? interruptAt = null)
    {
        using var client = new KonkoClient(new KonkoClientOptions { BaseUrl = new Uri(server.Url), MaxRetries = 0 });
        Action? once = null;
        var editor = new LineEditor(keys, new EditorScreen(_test.Console), History.InMemory(), SlashCommands.Complete);
        var session = new ChatSession(client, _test.Console, editor, interrupt => new Interrupter(interruptAt is null || once is not null ? null : once = interrupt, () => _test.Output.Contains(interruptAt!, StringComparison.Ordinal)), TimeProvider.System, _conversation)
        {
            Model = FakeServer.Model,
            Parameters = [],
        };

        Assert.Equal(ExitCodes.Success, await session.RunAsync(TestContext.Current.CancellationToken));
    }

    private static IEnumerable<string> Contents(JsonNode request) => request["messages"]!.AsArray().Select(message => message!["content"]!.GetValue<string>());

    /// <summary>Interrupts as soon as something is seen.</summary>
    private sealed class Interrupter : IDisposable
    {
        private volatile bool _disposed;

        public Interrupter(Action? interrupt, Func<bool> isTime)
        {
            if (interrupt is not null) _ = WaitAsync(interrupt, isTime);
        }

        public void Dispose() => _disposed = true;

        private async Task WaitAsync(Action interrupt, Func<bool> isTime)
        {
            while (!_disposed && !isTime()) await Task.Delay(5, TestContext.Current.CancellationToken);
            if (!_disposed) interrupt();
        }
    }
}
