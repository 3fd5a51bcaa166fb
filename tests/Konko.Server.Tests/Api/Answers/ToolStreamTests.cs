using System.Text.Json.Nodes;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;
using Konko.Server.Generation.Tools;
using Konko.Server.Providers;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Api.Answers;

[Trait("Gate", "stream-equals-whole")]
public sealed class ToolStreamTests
{
    [Fact]
    public async Task PostChat_ToolsHoweverTokensAreCut_StreamsWhatTheWholeAnswerSays()
    {
        var tokenizer = new PieceTokenizer();
        foreach (ToolDialect dialect in Enum.GetValues<ToolDialect>())
        {
            await using ApiHost host = await ApiHost.StartAsync(new ScriptedProvider(request => Drawn(request, tokenizer, dialect)) { Tokenizer = tokenizer, Dialect = dialect });
            var random = new Random((int)dialect);
            int called = 0;
            int rounds = GateScale.Of(60, 600);
            for (int round = 0; round < rounds; round++)
            {
                JsonObject request = Request(random);
                JsonObject whole = AnswerFold.Comparable(await BodyAsync(host, request));
                bool includeUsage = random.Next(3) == 0, roleOnce = random.Next(3) == 0;
                request["stream"] = true;
                if (includeUsage) request["stream_options"] = new JsonObject { ["include_usage"] = true };
                (string, string)[] headers = roleOnce ? [("X-Stainless-Helper-Method", "chat.completions.stream")] : [];
                using HttpResponseMessage response = await host.PostAsync("/v1/chat/completions", request.ToJsonString(), headers);
                var transcript = SseTranscript.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
                Assert.True(transcript.Done);
                JsonObject folded = AnswerFold.Whole(transcript.Events, chat: true, logprobs: false, includeUsage, roleOnce, hasTools: true);
                Assert.True(whole.ToJsonString() == folded.ToJsonString(), $"{request.ToJsonString()}\nwhole:  {whole.ToJsonString()}\nstream: {folded.ToJsonString()}");
                AssertOneChunkAToken(transcript.Events, whole);
                if (whole["choices"]!.AsArray().Any(choice => (string)choice!["finish_reason"]! is "tool_calls" or "function_call")) called++;
            }

            Assert.InRange(called, rounds / 10, rounds);
        }
    }

    private static JsonObject Request(Random random)
    {
        var request = new JsonObject
        {
            ["model"] = ApiHost.Model,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "x" }),
            ["seed"] = random.Next(),
            ["n"] = random.Next(1, 4),
        };
        bool older = random.Next(4) == 0;
        JsonObject[] functions = [.. ToolAnswers.Tools.Select(name => new JsonObject { ["name"] = name })];
        if (older) request["functions"] = new JsonArray([.. functions]);
        else request["tools"] = new JsonArray([.. functions.Select(function => new JsonObject { ["type"] = "function", ["function"] = function })]);
        if (random.Next(3) == 0) request["parallel_tool_calls"] = random.Next(2) == 0;
        if (random.Next(4) == 0) request["max_tokens"] = random.Next(1, 40);
        if (random.Next(4) == 0) request["stop"] = new JsonArray(((JsonNode[])["</tool_call>", "\"b\"", "日本", "Done", "}}"])[random.Next(5)]);
        if (random.Next(3) == 0) request["details"] = true;
        return request;
    }

    // A pure function of the request, as an engine's answers are.
    private static IEnumerable<GenerationOutput> Drawn(ProviderRequest request, PieceTokenizer tokenizer, ToolDialect dialect)
    {
        var random = new Random((int)request.Sampling.Seed);
        ToolAnswers[] answers = [.. ToolAnswers.All.Where(answer => answer.Dialect == dialect)];
        yield return new GenerationStarted(0, TimeSpan.Zero);
        for (int choice = 0; choice < request.Choices; choice++)
        {
            string answer = answers[random.Next(answers.Length)].Answer;
            int longest = random.Next(1, 40);
            int[] ids = [.. tokenizer.Cut(answer, ToolAnswers.Markup, () => random.Next(1, longest + 1)), PieceTokenizer.Eos];
            int most = Math.Min(request.MaxTokens ?? ids.Length, ids.Length);
            for (int i = 0; i < most; i++)
            {
                EndReason? end = ids[i] == PieceTokenizer.Eos ? EndReason.EndOfGeneration : i + 1 == most ? EndReason.Length : null;
                yield return new TokenGenerated(choice, new SampledToken(ids[i], -0.5f, null), end);
            }
        }
    }

    private static void AssertOneChunkAToken(IReadOnlyList<string> events, JsonObject whole)
        => Assert.Equal((int)whole["usage"]!["completion_tokens"]!, events.Count(e => JsonNode.Parse(e)!["token"] is not null));

    private static async Task<string> BodyAsync(ApiHost host, JsonObject request)
    {
        using HttpResponseMessage response = await host.PostAsync("/v1/chat/completions", request.ToJsonString());
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{request.ToJsonString()}\n{body}");
        return body;
    }
}
