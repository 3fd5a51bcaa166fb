using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Konko.Cli.Tests.Support;

namespace Konko.Cli.Tests.Chat;

/// <summary>One question, through pipes.</summary>
public sealed class ChatCommandTests
{
    private static readonly string[] s_embedded = ["--model", Repository.SmolLM2];

    [Fact]
    public async Task Chat_EmbeddedModel_AnswersTheSameStreamedAndWhole()
    {
        string[] question = ["chat", "What is 2+2?", "-t", "0.5", "-s", "5", .. s_embedded];
        KonkoRun streamed = await KonkoRun.RunAsync(question);
        KonkoRun whole = await KonkoRun.RunAsync([.. question, "--no-stream"]);

        Assert.Equal((0, "2 + 2 = 4 as we know it."), (streamed.ExitCode, streamed.Output));
        Assert.Matches(@"^13 tokens, \d+\.\d tokens/s, first after \d+\.\d\d s, 37 in the prompt, ended by itself$", streamed.Error);
        Assert.Equal((0, streamed.Output), (whole.ExitCode, whole.Output));
        Assert.Matches(@"^13 tokens, \d+\.\d\d s, 37 in the prompt, ended by itself$", whole.Error);
    }

    [Fact]
    public async Task Chat_NoServerNamed_AnswersQuietly()
    {
        KonkoRun run = await KonkoRun.RunAsync("Say hello.\n", ["chat", "-n", "5", "-t", "0", "-q"]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.NotEmpty(run.Output);
    }

    [Fact]
    public async Task Chat_Json_IsOneEventALineOrTheWholeAnswer()
    {
        string[] question = ["chat", "Say hello.", "-n", "4", "-t", "0", "-q", "--json", .. s_embedded];
        JsonNode[] events = [.. (await KonkoRun.RunAsync(question)).Lines.Select(line => JsonNode.Parse(line)!)];
        KonkoRun whole = await KonkoRun.RunAsync([.. question, "--no-stream"]);
        JsonNode answer = JsonNode.Parse(Assert.Single(whole.Lines))!;

        Assert.Equal(4, events.Length);
        Assert.Equal((string)answer["choices"]![0]!["message"]!["content"]!, string.Concat(events.Select(e => (string?)e["choices"]![0]!["delta"]!["content"])));
        Assert.Equal(4, (int)events[^1]["usage"]!["completion_tokens"]!);
    }

    [Fact]
    public async Task Chat_Schema_IsSatisfied()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"type":"object","properties":{"sum":{"type":"integer"}},"required":["sum"],"additionalProperties":false}""", TestContext.Current.CancellationToken);
        KonkoRun run = await KonkoRun.RunAsync(["chat", "What is 2+2?", "--schema", file, "-t", "0", "-n", "100", .. s_embedded]);
        File.Delete(file);

        Assert.Equal(JsonValueKind.Number, JsonDocument.Parse(run.Output).RootElement.GetProperty("sum").ValueKind);
    }

    [Fact]
    public async Task Chat_Upstream_GetsTheQuestionAndTheKeyIsKept()
    {
        await using var server = new FakeServer("Bon", "jour\e[31m\r\n");
        KonkoRun run = await KonkoRun.RunAsync("piped text\n", ["chat", "Translate:", "-", "--system", "French.", "--url", server.Url, "--top-k", "3", "-q"]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("Bonjour\e[31m\r\n"u8.ToArray(), run.Bytes);
        JsonNode request = Assert.Single(server.Requests);
        Assert.Equal((FakeServer.Model, 3), ((string)request["model"]!, (int)request["top_k"]!));
        Assert.Equal(["French.", "Translate:\n\npiped text"], request["messages"]!.AsArray().Select(message => (string)message!["content"]!));
    }

    [Theory]
    [InlineData(2, "konko: --temperature must be a number, not 'warm'.", "chat", "Hi", "-t", "warm")]
    [InlineData(2, "konko: --url must be an http or https URL, not 'ftp://x'.", "chat", "Hi", "--url", "ftp://x")]
    [InlineData(2, "konko: QUESTION is empty.", "chat")]
    [InlineData(2, "konko: there is no file 'none.gguf'.", "chat", "Hi", "-m", "none.gguf")]
    [InlineData(2, "konko: --timeout must be a number of seconds above 0, at most a day.", "chat", "Hi", "--timeout", "0")]
    public async Task Chat_AskedInAWrongWay_SaysSoInALine(int exitCode, string error, params string[] arguments)
    {
        KonkoRun run = await KonkoRun.RunAsync(arguments);

        Assert.Equal((exitCode, "", error), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task Chat_ServerRefusesAParameter_NamesItAndTheRequest()
    {
        KonkoRun run = await KonkoRun.RunAsync(["chat", "Hi", "-t", "9", .. s_embedded]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Matches(@"^konko: 'temperature' must be a number from 0 to 2, not 9\. \(request [0-9a-f]{32}\)$", run.Error);
    }

    [Fact]
    public async Task Chat_NoServerThere_IsUnreachable()
    {
        KonkoRun run = await KonkoRun.RunAsync("chat", "Hi", "--url", "http://127.0.0.1:1");

        Assert.Equal((3, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("konko: http://127.0.0.1:1 gave no answer: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_ConnectionBreaks_KeepsWhatCameAndFails()
    {
        await using var server = new FakeServer(_ => new FakeAnswer(["half an "]) { IsCut = true });
        KonkoRun run = await KonkoRun.RunAsync("chat", "Hi", "--url", server.Url);

        Assert.Equal((3, "half an "), (run.ExitCode, run.Output));
        Assert.StartsWith("konko: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_Interrupt_EndsWith130AndKeepsWhatCame()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send to another process.");
        await using var server = new FakeServer(_ => new FakeAnswer(["half"]) { GoesOn = true });
        using Process process = KonkoRun.Start(["chat", "Hi", "--url", server.Url]);
        char[] seen = new char[4];
        await process.StandardOutput.ReadBlockAsync(seen, TestContext.Current.CancellationToken);
        using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        KonkoRun run = await KonkoRun.EndAsync(process);

        Assert.Equal((130, "half", "", ""), (run.ExitCode, new string(seen), run.Output, run.Error));
    }

    [Fact]
    public async Task Chat_ReaderGoesAway_Stops()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows' pipes break in another way.");
        string pieces = new('x', 5000);
        await using var server = new FakeServer(_ => new FakeAnswer([.. Enumerable.Repeat(pieces, 200)]) { GoesOn = true });
        using Process process = KonkoRun.Start(["chat", "Hi", "--url", server.Url]);
        await process.StandardOutput.BaseStream.ReadExactlyAsync(new byte[10], TestContext.Current.CancellationToken);
        process.StandardOutput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.BrokenPipe, process.ExitCode);
    }

    [Fact]
    public async Task Chat_KeyByEnvironment_IsSent()
    {
        await using var server = new FakeServer("x");
        using Process process = KonkoRun.Start(["chat", "Hi", "-q"], new Dictionary<string, string> { ["KONKO_BASE_URL"] = server.Url, ["KONKO_API_KEY"] = "ko-secret" });
        KonkoRun run = await KonkoRun.EndAsync(process);

        Assert.Equal((0, "x"), (run.ExitCode, Encoding.UTF8.GetString(run.Bytes)));
        Assert.Equal("Bearer ko-secret", Assert.Single(server.Keys.Distinct()));
    }
}
