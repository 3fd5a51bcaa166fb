using System.Text.Json.Nodes;
using Konko.Engine;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;
using Konko.Server.Generation.Tools;
using Konko.Server.Providers;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Streams;

/// <summary>
/// Over all parameters, tools and constraints: a stream that is broken off again and again and gone on with is the stream that
/// was never broken off, to the byte, and adds up to the whole answer.
/// </summary>
[Trait("Gate", "stream-equals-whole")]
public sealed class InterruptedStreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ConstrainedRequests.Chat, 31)]
    [InlineData(ConstrainedRequests.Text, 32)]
    [InlineData(ConstrainedRequests.Responses, 33)]
    public async Task Post_AnyRequest_BrokenOffAnywhereGoesOnWithTheSameBytes(string path, int seed)
    {
        var random = new Random(seed);
        foreach (ToolDialect dialect in Enum.GetValues<ToolDialect>())
        {
            var tokenizer = new PieceTokenizer();
            // Prompts of tokens name ids below 260.
            for (int i = 0; i < 260; i++) tokenizer.Cut($"{(char)('一' + i)}", [], () => 1);
            await using StreamHost host = await StreamHost.StartAsync(new ScriptedProvider((request, token) => DrawnAsync(request, tokenizer, dialect)) { Tokenizer = tokenizer, Dialect = dialect });
            for (int round = 0; round < GateScale.Of(10, 100); round++)
            {
                JsonObject request = ConstrainedRequests.Next(random, path);
                IReadOnlyList<(int Id, string Data)> events = await CheckAsync(host, path, request, random);
                string id = ResumableTranscript.Parse($"id: 1\ndata: {events[0].Data}\n\n", orderly: true).Id;
                for (int after = 0; after < events.Count; after++) Assert.Equal(events.Skip(after), (await host.GetAsync(id, after)).Events);
            }
        }
    }

    [Fact]
    public async Task Post_ConstrainedByTheEngine_BrokenOffAnywhereGoesOnWithTheSameBytes()
    {
        await using LocalModel model = await SmallModel.LoadAsync(new LocalModelOptions { ContextLength = 1024 });
        await using StreamHost host = await StreamHost.StartAsync(SmallModel.ProviderOf(model));
        var random = new Random(34);
        string[] paths = [ConstrainedRequests.Chat, ConstrainedRequests.Text, ConstrainedRequests.Responses];
        for (int round = 0; round < GateScale.Of(6, 90); round++)
        {
            string path = paths[round % paths.Length];
            JsonObject request = Plain(random, path);
            ConstrainedRequests.Constrain(random, path, request);
            await CheckAsync(host, path, request, random);
        }
    }

    /// <summary>Asks for the whole answer, and for a stream that is broken off again and again.</summary>
    /// <returns>The events of the stream.</returns>
    private static async Task<IReadOnlyList<(int Id, string Data)>> CheckAsync(StreamHost host, string path, JsonObject request, Random random)
    {
        string whole = await BodyAsync(host, path, request);
        bool helper = random.Next(3) == 0, includeUsage = path != ConstrainedRequests.Responses && random.Next(3) == 0;
        request["stream"] = true;
        request["stream_options"] = new JsonObject { ["include_usage"] = includeUsage, ["resumable"] = true };
        (string, string)[] headers = helper ? [("X-Stainless-Helper-Method", "chat.completions.stream")] : [];

        var pieces = new List<(int Id, string Data)>();
        pieces.AddRange(await StreamHost.ReadSomeAsync(await host.Api.PostAsync(path, request.ToJsonString(), headers), random.Next(1, 30)));
        string id = ResumableTranscript.Parse($"id: 1\ndata: {pieces[0].Data}\n\n", orderly: true).Id;
        while (pieces[^1].Data != "[DONE]") pieces.AddRange(await StreamHost.ReadSomeAsync(await host.SendAsync(HttpMethod.Get, id, $"{pieces.Count}"), random.Next(1, 30)));
        Assert.Equal(Enumerable.Range(1, pieces.Count), pieces.Select(piece => piece.Id));
        Assert.Equal((await host.GetAsync(id)).Events, pieces);

        AssertWhole(path, request, whole, [.. pieces.SkipLast(1).Select(piece => piece.Data)], includeUsage, helper);
        if (random.Next(4) == 0) await CheckCancelledAsync(host, path, request, headers, pieces, random);
        return pieces;
    }

    private static async Task CheckCancelledAsync(StreamHost host, string path, JsonObject request, (string, string)[] headers, List<(int Id, string Data)> whole, Random random)
    {
        IReadOnlyList<(int Id, string Data)> read = await StreamHost.ReadSomeAsync(await host.Api.PostAsync(path, request.ToJsonString(), headers), random.Next(1, whole.Count + 1));
        string id = ResumableTranscript.Parse($"id: 1\ndata: {read[0].Data}\n\n", orderly: true).Id;
        using HttpResponseMessage cancelled = await host.SendAsync(HttpMethod.Delete, id);
        Assert.Equal(204, (int)cancelled.StatusCode);
        Assert.Equal(whole.Take(read.Count).Select(Steady), read.Select(Steady));
    }

    private static void AssertWhole(string path, JsonObject request, string whole, List<string> events, bool includeUsage, bool helper)
    {
        if (path == ConstrainedRequests.Responses)
        {
            ResponseFold.AssertWhole([.. events.Select(e => Uncached(JsonNode.Parse(e)!.AsObject()))], Uncached(JsonNode.Parse(whole)!.AsObject()).ToJsonString());
            return;
        }

        bool chat = path == ConstrainedRequests.Chat;
        bool logProbs = request["logprobs"] is { } wanted && (wanted.GetValueKind() == System.Text.Json.JsonValueKind.Number || (bool)wanted);
        // Without tools the raw text is the answer, in any constraint.
        bool hasTools = request["tools"] is not null || request["functions"] is not null;
        JsonObject folded = AnswerFold.Whole(events, chat, logProbs, includeUsage, roleOnce: helper && chat, hasTools);
        string expected = Uncached(AnswerFold.Comparable(whole)).ToJsonString(), found = Uncached(folded).ToJsonString();
        Assert.True(expected == found, $"{request.ToJsonString()}\nwhole:  {expected}\nstream: {found}");
    }

    // What happened to be cached is all that may differ between two answers of the engine.
    private static JsonObject Uncached(JsonObject answer)
    {
        JsonNode holder = answer["response"] ?? answer;
        (holder["usage"] as JsonObject)?.Remove("prompt_tokens_details");
        (holder["usage"] as JsonObject)?.Remove("input_tokens_details");
        return answer;
    }

    private static string Steady((int Id, string Data) entry)
    {
        if (entry.Data == "[DONE]") return entry.Data;
        JsonObject chunk = Uncached(JsonNode.Parse(entry.Data)!.AsObject());
        string id = (string?)(chunk["response"] ?? chunk)["id"] ?? "";
        foreach (string own in (string[])["id", "created", "stats", "item_id"]) chunk.Remove(own);
        (chunk["response"] as JsonObject)?.Remove("created_at");
        (chunk["item"] as JsonObject)?.Remove("id");
        string text = chunk.ToJsonString();
        return id.Length == 0 ? text : text.Replace(id, "", StringComparison.Ordinal);
    }

    private static async Task<string> BodyAsync(StreamHost host, string path, JsonObject request)
    {
        using HttpResponseMessage response = await host.Api.PostAsync(path, request.ToJsonString());
        string body = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, $"{request.ToJsonString()}\n{body}");
        return body;
    }

    private static JsonObject Plain(Random random, string path)
    {
        var request = new JsonObject
        {
            ["model"] = ApiHost.Model,
            ["seed"] = random.Next(),
            ["temperature"] = random.Next(3) == 0 ? 0 : random.NextDouble() * 2,
            ["top_p"] = 1 - (random.NextDouble() / 2),
            ["frequency_penalty"] = random.Next(2) == 0 ? null : random.NextDouble(),
            [path == ConstrainedRequests.Responses ? "max_output_tokens" : "max_tokens"] = random.Next(1, 40),
        };
        string[] questions = ["What is the weather in Paris?", "Add 2 and 3.", "Say yes.", "日本?"];
        string question = questions[random.Next(questions.Length)];
        if (path == ConstrainedRequests.Responses) request["input"] = question;
        else if (path == ConstrainedRequests.Text) request["prompt"] = new JsonArray(question, "Once");
        else request["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = question });
        if (path != ConstrainedRequests.Responses && random.Next(3) == 0) request["n"] = 2;
        if (random.Next(3) == 0) request["stop"] = new JsonArray("e", "}", "日");
        if (random.Next(3) == 0 && path == ConstrainedRequests.Chat) request["logprobs"] = true;
        if (random.Next(3) == 0 && path == ConstrainedRequests.Responses) request["top_logprobs"] = 2;
        if (random.Next(3) == 0) request["details"] = true;
        return request;
    }

    // A pure function of the request, as an engine's answers are; in steps, so that readers come and go while it runs.
    private static async IAsyncEnumerable<GenerationOutput> DrawnAsync(ProviderRequest request, PieceTokenizer tokenizer, ToolDialect dialect)
    {
        var random = new Random((int)request.Sampling.Seed);
        ToolAnswers[] answers = [.. ToolAnswers.All.Where(answer => answer.Dialect == dialect)];
        yield return new GenerationStarted(0, TimeSpan.Zero);
        int? top = request.Sampling.TopLogProbs;
        int promptTokens = request.Prompt switch { TextPrompt text => System.Text.Encoding.UTF8.GetByteCount(text.Text), TokenPrompt tokens => tokens.Ids.Count, _ => 1 };
        if (request.Echo && top is not null) yield return new PromptScored([.. Enumerable.Range(0, promptTokens).Select(i => i == 0 ? null : Scores(random, PieceTokenizer.Eos, top.Value))]);
        for (int choice = 0; choice < request.Choices; choice++)
        {
            int longest = random.Next(1, 40);
            int[] ids = [.. tokenizer.Cut(answers[random.Next(answers.Length)].Answer, ToolAnswers.Markup, () => random.Next(1, longest + 1)), PieceTokenizer.Eos];
            int most = Math.Min(request.MaxTokens ?? ids.Length, ids.Length);
            for (int i = 0; i < most; i++)
            {
                if (random.Next(3) == 0) await Task.Yield();
                EndReason? end = ids[i] == PieceTokenizer.Eos ? EndReason.EndOfGeneration : i + 1 == most ? EndReason.Length : null;
                yield return new TokenGenerated(choice, new SampledToken(ids[i], -0.5f, top is int alternatives ? Scores(random, ids[i], alternatives) : null), end);
            }
        }
    }

    private static TokenLogProbs Scores(Random random, int id, int top)
        => new(new TokenLogProb(id, -random.NextSingle()), [.. Enumerable.Range(0, top).Select(i => new TokenLogProb(PieceTokenizer.Eos, -i - random.NextSingle()))]);
}
