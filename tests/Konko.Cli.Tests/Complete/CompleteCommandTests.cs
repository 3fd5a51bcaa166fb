using System.Text.Json.Nodes;
using Konko.Cli.Tests.Support;

namespace Konko.Cli.Tests.Complete;

public sealed class CompleteCommandTests
{
    private static readonly string[] s_embedded = ["--model", Repository.SmolLM2, "-q"];

    [Fact]
    public async Task Complete_ArgumentFileAndInput_AreTheSamePrompt()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "Once upon a time", TestContext.Current.CancellationToken);
        string[] rest = ["-n", "8", "-t", "0", .. s_embedded];
        KonkoRun argument = await KonkoRun.RunAsync(["complete", "Once upon a time", .. rest]);
        KonkoRun fromFile = await KonkoRun.RunAsync(["complete", "--file", file, .. rest]);
        KonkoRun input = await KonkoRun.RunAsync("Once upon a time\n", ["complete", "--no-stream", .. rest]);
        File.Delete(file);

        Assert.Equal((0, ""), (argument.ExitCode, argument.Error));
        Assert.NotEmpty(argument.Output);
        Assert.Equal((argument.Output, argument.Output), (fromFile.Output, input.Output));
    }

    [Fact]
    public async Task Complete_AlternativesAsJson_AreAllThere()
    {
        KonkoRun run = await KonkoRun.RunAsync(["complete", "Once", "-n", "2", "--n", "3", "--logprobs", "2", "--json", "--no-stream", "--seed", "1", .. s_embedded]);
        JsonArray choices = JsonNode.Parse(run.Output)!["choices"]!.AsArray();

        Assert.Equal(3, choices.Count);
        Assert.Equal(2, choices[0]!["logprobs"]!["tokens"]!.AsArray().Count);
    }

    [Fact]
    public async Task Complete_EchoAndStop_AreSent()
    {
        await using var server = new FakeServer("one", " two");
        KonkoRun run = await KonkoRun.RunAsync("complete", "zero", "--echo", "--stop", "x", "--url", server.Url);
        JsonNode request = Assert.Single(server.Requests);

        Assert.Equal("one two", run.Output);
        Assert.Equal((true, "x", "zero"), ((bool)request["echo"]!, (string)request["stop"]![0]!, (string)request["prompt"]![0]!));
    }

    [Theory]
    [InlineData("--n and --logprobs need --json: a text alone cannot show them.", "complete", "x", "--n", "2")]
    [InlineData("PROMPT and --file exclude one another.", "complete", "x", "--file", "y")]
    public async Task Complete_AskedInAWrongWay_SaysSo(string error, params string[] arguments)
    {
        KonkoRun run = await KonkoRun.RunAsync(arguments);

        Assert.Equal((2, "", "konko: " + error), (run.ExitCode, run.Output, run.Error));
    }
}
