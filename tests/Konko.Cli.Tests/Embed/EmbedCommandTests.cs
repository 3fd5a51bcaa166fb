using System.Text.Json.Nodes;
using Konko.Cli.Tests.Support;

namespace Konko.Cli.Tests.Embed;

public sealed class EmbedCommandTests
{
    private static readonly string[] s_embedded = ["--model", Repository.MiniLM];

    [Fact]
    public async Task Embed_ArgumentsAndLines_AreTheSameVectors()
    {
        KonkoRun arguments = await KonkoRun.RunAsync(["embed", "a cat", "a dog", .. s_embedded]);
        KonkoRun lines = await KonkoRun.RunAsync("a cat\r\na dog\n", ["embed", .. s_embedded, "-q"]);

        Assert.Equal((0, arguments.Output, ""), (lines.ExitCode, lines.Output, lines.Error));
        Assert.Equal([384, 384], arguments.Lines.Select(line => JsonNode.Parse(line)!.AsArray().Count));
        Assert.Matches(@"^2 vectors of 384 dimensions, \d+ tokens, ", arguments.Error);
    }

    [Fact]
    public async Task Embed_Base64AndJson_AreTheSameNumbers()
    {
        KonkoRun base64 = await KonkoRun.RunAsync(["embed", "a cat", "--base64", "-q", .. s_embedded]);
        KonkoRun json = await KonkoRun.RunAsync(["embed", "a cat", "--json", .. s_embedded]);
        byte[] bytes = Convert.FromBase64String(Assert.Single(base64.Lines));
        float[] numbers = [.. JsonNode.Parse(json.Output)!["data"]![0]!["embedding"]!.AsArray().Select(value => (float)value!)];

        Assert.Equal(numbers, Enumerable.Range(0, numbers.Length).Select(i => BitConverter.ToSingle(bytes, 4 * i)));
    }

    [Fact]
    public async Task Embed_Upstream_IsAskedForDimensions()
    {
        await using var server = new FakeServer(_ => new FakeAnswer(["""{"object":"list","model":"m","data":[{"object":"embedding","index":0,"embedding":[0.5,-1]}],"usage":{"prompt_tokens":1,"total_tokens":1}}"""]));
        KonkoRun run = await KonkoRun.RunAsync("embed", "x", "-d", "2", "--url", server.Url);

        Assert.Equal(("[0.5,-1]\n", 2), (run.Output, (int)Assert.Single(server.Requests)["dimensions"]!));
    }

    [Fact]
    public async Task Embed_Nothing_IsAUsageError()
    {
        KonkoRun run = await KonkoRun.RunAsync(["embed", .. s_embedded]);

        Assert.Equal((2, "konko: TEXT is empty."), (run.ExitCode, run.Error));
    }
}
