using System.Text.Json.Nodes;
using Konko.Cli.Tests.Support;

namespace Konko.Cli.Tests.Tokenize;

public sealed class TokenizeCommandTests
{
    private static readonly string[] s_embedded = ["--model", Repository.SmolLM2];

    [Fact]
    public async Task Tokenize_Text_AndBackIsTheText()
    {
        const string Text = "Hello, wörld 🙂";
        KonkoRun ids = await KonkoRun.RunAsync(["tokenize", Text, .. s_embedded]);
        KonkoRun text = await KonkoRun.RunAsync(ids.Output, ["tokenize", "--decode", .. s_embedded]);

        Assert.Equal((0, $"{ids.Output.Split(' ').Length} tokens"), (ids.ExitCode, ids.Error));
        Assert.Equal((0, Text, ""), (text.ExitCode, text.Output, text.Error));
    }

    [Fact]
    public async Task Tokenize_PiecesCountAndJson_Agree()
    {
        KonkoRun pieces = await KonkoRun.RunAsync(["tokenize", "--pieces", "Hello 🙂", .. s_embedded]);
        KonkoRun count = await KonkoRun.RunAsync("Hello 🙂\n", ["tokenize", "--count", "-", .. s_embedded]);
        JsonNode json = JsonNode.Parse((await KonkoRun.RunAsync(["tokenize", "--json", "Hello 🙂", .. s_embedded])).Output)!;

        Assert.Equal($"{pieces.Lines.Length}\n", count.Output);
        Assert.Equal(pieces.Lines.Select(line => line.Split('\t')[0]), json["tokens"]!.AsArray().Select(id => id!.ToString()));
        Assert.Equal("19556\t\"Hello\"", pieces.Lines[0]);
        Assert.EndsWith("\t\" 🙂\"", pieces.Lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--decode needs token ids, not 'x'.", "tokenize", "--decode", "1", "x")]
    [InlineData("--count, --pieces and --decode exclude one another.", "tokenize", "--count", "--pieces", "x")]
    public async Task Tokenize_AskedInAWrongWay_SaysSo(string error, params string[] arguments)
    {
        KonkoRun run = await KonkoRun.RunAsync(arguments);

        Assert.Equal((2, "", "konko: " + error), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task Tokenize_UpstreamThatCannot_SaysSo()
    {
        await using var server = new FakeServer(_ => new FakeAnswer(["{}"]));
        KonkoRun run = await KonkoRun.RunAsync("tokenize", "x", "--url", server.Url);

        Assert.Equal((1, "konko: the server's answer has no 'tokens'."), (run.ExitCode, run.Error));
    }
}
