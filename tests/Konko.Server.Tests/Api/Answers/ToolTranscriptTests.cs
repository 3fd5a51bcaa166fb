using Konko.Engine.Scheduling;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Api.Answers;

/// <summary>Tool calls over the wire, byte by byte, as each dialect's models write them.</summary>
public sealed class ToolTranscriptTests
{
    private const string Tools =
        """ "tools":[{"type":"function","function":{"name":"get_weather","description":"Weather of a city.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}},{"type":"function","function":{"name":"add"}}] """;

    private const string FlatTools =
        """ "tools":[{"type":"function","name":"get_weather","description":"Weather of a city.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}},{"type":"function","name":"add"}] """;

    private const string Functions = """ "functions":[{"name":"get_weather"},{"name":"add"}] """;

    [Theory]
    [InlineData("tools-hermes", "hermes", Tools)]
    [InlineData("tools-parallel", "hermes-parallel", Tools + ""","stream_options":{"include_usage":true}""")]
    [InlineData("tools-one-call", "hermes-parallel", Tools + ""","parallel_tool_calls":false,"details":true""")]
    [InlineData("tools-llama", "llama", Tools)]
    [InlineData("tools-mistral", "mistral", Tools)]
    [InlineData("tools-mistral-arguments", "mistral-arguments", Tools)]
    [InlineData("tools-listed", "listed", Tools)]
    [InlineData("tools-harmony", "harmony-preamble", Tools)]
    [InlineData("tools-generic", "generic", Tools)]
    [InlineData("tools-malformed", "malformed", Tools)]
    [InlineData("tools-length", "hermes", Tools + ""","max_tokens":9""")]
    [InlineData("tools-none", "generic", Tools + ""","tool_choice":"none" """)]
    [InlineData("functions", "hermes-parallel", Functions)]
    public Task PostChat_Tools_GoOverTheWireAsWrittenDown(string name, string answer, string members)
        => VerifyAsync(name, answer, "/v1/chat/completions", """ "messages":[{"role":"user","content":"Hello"}],""" + members);

    [Theory]
    [InlineData("response-tools", "hermes", FlatTools)]
    [InlineData("response-tools-parallel", "hermes-parallel", FlatTools + ""","tool_choice":"auto","top_logprobs":1""")]
    [InlineData("response-tools-then-text", "hermes-then-text", FlatTools + ""","parallel_tool_calls":false""")]
    [InlineData("response-tools-length", "hermes", FlatTools + ""","max_output_tokens":9""")]
    public Task PostResponse_Tools_GoOverTheWireAsWrittenDown(string name, string answer, string members)
        => VerifyAsync(name, answer, "/v1/responses", """ "input":"Hello",""" + members);

    private static async Task VerifyAsync(string name, string answer, string path, string members)
    {
        ToolAnswers written = ToolAnswers.All.Single(a => a.Name == answer);
        var tokenizer = new PieceTokenizer();
        int[] ids = [.. tokenizer.Cut(written.Answer, ToolAnswers.Markup, () => 7), PieceTokenizer.Eos];
        var provider = new ScriptedProvider(request =>
        {
            int most = Math.Min(request.MaxTokens ?? ids.Length, ids.Length);
            return Script.Tokens(most < ids.Length ? EndReason.Length : EndReason.EndOfGeneration, ids[..most]);
        })
        {
            Tokenizer = tokenizer,
            Dialect = written.Dialect,
        };
        await Transcript.VerifyAsync(name, provider, path, members);
    }
}
