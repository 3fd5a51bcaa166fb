using System.Text;
using System.Text.Json.Nodes;
using Konko.Server.Configuration;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Hosting;

/// <summary>What the two snippets of the Python SDK send, and what it needs to get: every field, in name, type and order.</summary>
[Trait("Gate", "snippets")]
public sealed class SdkSnippetTests
{
    private const string Embedded = "huggingfacetb/smollm2-135m-instruct";
    private const string Alias = "mistralai/mistral-7b-instruct-v0.1";

    [Fact]
    public async Task ChatCompletionCreate_Streaming_GetsEveryFieldOfEveryChunk()
    {
        await using RunningServer server = await StartAsync();
        using HttpResponseMessage response = await PostAsync(server, stream: true);
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(Embedded, Assert.Single(response.Headers.GetValues("x-konko-model")));
        var transcript = SseTranscript.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.True(transcript.Done);
        var chunks = transcript.Events.Select(e => JsonNode.Parse(e)!.AsObject()).ToList();
        Assert.InRange(chunks.Count, 1, 300);
        foreach (JsonObject chunk in chunks)
        {
            bool last = chunk == chunks[^1];
            AssertKeys(chunk, "id", "object", "created", "model", "system_fingerprint", "choices", "token", "generated_text", "details", "stats", "usage");
            Assert.True(Guid.TryParseExact((string)chunk["id"]!, "D", out Guid id) && id.Version == 4);
            Assert.Equal((string)chunks[0]["id"]!, (string)chunk["id"]!);
            Assert.Equal("chat.completion.chunk", (string)chunk["object"]!);
            Assert.Equal((long)chunks[0]["created"]!, (long)chunk["created"]!);
            Assert.Equal(Alias, (string)chunk["model"]!);
            Assert.StartsWith("fp_", (string)chunk["system_fingerprint"]!, StringComparison.Ordinal);
            JsonObject choice = Assert.Single(chunk["choices"]!.AsArray())!.AsObject();
            AssertKeys(choice, "index", "delta", "logprobs", "finish_reason");
            Assert.Equal(0, (int)choice["index"]!);
            AssertKeys(choice["delta"]!.AsObject(), "role", "content", "function_call", "tool_calls");
            Assert.Equal("assistant", (string)choice["delta"]!["role"]!);
            Assert.NotNull((string)choice["delta"]!["content"]!);
            Assert.Null(choice["delta"]!["function_call"]);
            Assert.Null(choice["delta"]!["tool_calls"]);
            Assert.Null(choice["logprobs"]);
            Assert.Equal(last, choice["finish_reason"] is not null);
            JsonObject token = chunk["token"]!.AsObject();
            AssertKeys(token, "id", "text", "logprob", "special");
            Assert.InRange((int)token["id"]!, 0, 49151);
            Assert.InRange((double)token["logprob"]!, -9999, 0);
            Assert.Equal(last, chunk["generated_text"] is not null);
            Assert.Null(chunk["details"]);
            Assert.Equal(last, chunk["stats"] is not null);
            Assert.Equal(last, chunk["usage"] is not null);
        }

        JsonObject end = chunks[^1];
        AssertKeys(end["stats"]!.AsObject(), "total_time", "validation_time", "queue_time", "inference_time", "time_per_token");
        foreach ((string _, JsonNode? time) in end["stats"]!.AsObject()) AssertKeys(time!.AsObject(), "secs", "nanos");
        AssertUsage(end["usage"]!.AsObject(), chunks.Count);
        string text = string.Concat(chunks.Select(chunk => (string)chunk["choices"]![0]!["delta"]!["content"]!));
        Assert.Equal(text, (string)end["generated_text"]!);
        Assert.NotEmpty(text);
    }

    [Fact]
    public async Task ChatCompletionsCreate_NonStreaming_GetsEveryFieldOfTheAnswer()
    {
        await using RunningServer server = await StartAsync();
        using HttpResponseMessage response = await PostAsync(server, stream: false);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        JsonObject answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject();
        AssertKeys(answer, "id", "object", "created", "model", "choices", "system_fingerprint", "usage");
        Assert.True(Guid.TryParseExact((string)answer["id"]!, "D", out Guid id) && id.Version == 4);
        Assert.Equal("chat.completion", (string)answer["object"]!);
        Assert.InRange((long)answer["created"]!, 1_700_000_000, 5_000_000_000);
        Assert.Equal(Alias, (string)answer["model"]!);
        JsonObject choice = Assert.Single(answer["choices"]!.AsArray())!.AsObject();
        AssertKeys(choice, "index", "message", "finish_reason", "logprobs");
        AssertKeys(choice["message"]!.AsObject(), "role", "content", "function_call", "tool_calls");
        Assert.Equal("assistant", (string)choice["message"]!["role"]!);
        Assert.NotEmpty((string)choice["message"]!["content"]!);
        Assert.Contains((string)choice["finish_reason"]!, (string[])["stop", "length"]);
        Assert.Null(choice["logprobs"]);
        AssertUsage(answer["usage"]!.AsObject(), (int)answer["usage"]!["completion_tokens"]!);
    }

    private static Task<RunningServer> StartAsync()
        => RunningServer.StartEmbeddedAsync(new KonkoOptions { Aliases = new Dictionary<string, string> { [Alias] = Embedded } });

    private static Task<HttpResponseMessage> PostAsync(RunningServer server, bool stream)
    {
        string body = """
            {"model": "mistralai/Mistral-7B-Instruct-v0.1",
             "messages": [{"role": "system", "content": "You are an FAQ bot for an online store."},
                          {"role": "user", "content": "What's your return policy?"}],
             "temperature": 0.1, "max_tokens": 300, "n": 1, "stream":
            """ + (stream ? " true}" : " false}");
        return server.Client.PostAsync("/v1/chat/completions", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
    }

    private static void AssertUsage(JsonObject usage, int completion)
    {
        AssertKeys(usage, "prompt_tokens", "completion_tokens", "total_tokens", "prompt_tokens_details");
        Assert.Equal(completion, (int)usage["completion_tokens"]!);
        Assert.Equal((int)usage["prompt_tokens"]! + completion, (int)usage["total_tokens"]!);
        AssertKeys(usage["prompt_tokens_details"]!.AsObject(), "cached_tokens");
    }

    private static void AssertKeys(JsonObject value, params string[] keys) => Assert.Equal(keys, value.Select(member => member.Key));
}
