using System.Text;
using System.Text.RegularExpressions;
using Konko.Server.Api.Errors;
using Konko.Server.Configuration;
using Konko.Server.Tests.Hosting;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Reference;

/// <summary>What the embedded models really answer, byte by byte; the reference shows the exchanges of the document's operations.</summary>
public sealed partial class ExampleTests(ExampleServers servers) : IClassFixture<ExampleServers>
{
    private const string Chat = "/v1/chat/completions";
    private const string Model = "\"model\":\"huggingfacetb/smollm2-135m-instruct\"";
    private const string Encoder = "\"model\":\"sentence-transformers/all-minilm-l6-v2\"";
    private const string Asks = """ "messages":[{"role":"user","content":"Say hello."}] """;
    private const string AsksAboutParis = """ "messages":[{"role":"user","content":"What is the capital of France?"}] """;

    private const string Tools =
        """ "tools":[{"type":"function","function":{"name":"get_weather","description":"The weather of a city.","parameters":{"type":"object","properties":{"city":{"type":"string","enum":["Paris","Rome"]}},"required":["city"]}}}],"tool_choice":"required" """;

    private const string Format =
        """ "response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":{"type":"object","properties":{"capital":{"type":"string","maxLength":20}},"required":["capital"],"additionalProperties":false}}} """;

    [Theory]
    [InlineData("example-chat", Chat, Model + "," + Asks + """, "temperature":0,"max_tokens":4,"seed":7 """, true)]
    [InlineData("example-chat-logprobs", Chat, Model + "," + Asks + """, "temperature":0,"max_tokens":1,"seed":7,"logprobs":true,"top_logprobs":2 """, false)]
    [InlineData("example-chat-tools", Chat, Model + "," + AsksAboutParis + "," + Tools + """, "temperature":0,"max_tokens":40,"seed":7 """, false)]
    [InlineData("example-chat-schema", Chat, Model + "," + AsksAboutParis + "," + Format + """, "temperature":0,"max_tokens":40,"seed":7 """, false)]
    [InlineData("example-chat-choice", Chat, Model + "," + AsksAboutParis + """, "guided_choice":["Paris","Rome"],"temperature":0,"seed":7 """, true)]
    [InlineData("example-chat-choices", Chat, Model + "," + Asks + """, "n":2,"max_tokens":2,"seed":7,"details":true """, true)]
    [InlineData("example-chat-usage", Chat, Model + "," + Asks + """, "temperature":0,"max_tokens":1,"seed":7,"stream":true,"stream_options":{"include_usage":true} """, false)]
    [InlineData("example-text-best-of", "/v1/completions", Model + """, "prompt":"Once upon a time","max_tokens":2,"best_of":3,"n":1,"logprobs":1,"seed":7 """, true)]
    [InlineData("example-text-suffix", "/v1/completions", Model + """, "prompt":"def f(","suffix":"return 1","max_tokens":2 """, false)]
    [InlineData("example-text-tokens", "/v1/completions", Model + """, "prompt":[[19556,28],[905]],"echo":true,"max_tokens":1,"temperature":0,"seed":7 """, false)]
    [InlineData("example-text-regex", "/v1/completions", Model + """, "prompt":"The year was","guided_regex":" (19|20)[0-9]{2}","temperature":0,"seed":7 """, false)]
    [InlineData("example-error-embeddings", "/v1/embeddings", Encoder + """, "input":"x","dimensions":385 """, false)]
    [InlineData("example-error-schema", Chat, Model + "," + Asks + """, "response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"array","uniqueItems":true}}} """, false)]
    [InlineData("example-error-response", "/v1/responses", Model + """, "input":"x","previous_response_id":"resp_1" """, false)]
    [InlineData("example-text", "/v1/completions", Model + """, "prompt":"Once upon a time","temperature":0,"max_tokens":4,"seed":7 """, true)]
    [InlineData("example-response", "/v1/responses", Model + """, "input":"Say hello.","temperature":0,"max_output_tokens":4,"seed":7 """, true)]
    [InlineData("example-response-tools", "/v1/responses", Model + """, "input":"What is the weather in Rome?","tools":[{"type":"function","name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string","enum":["Paris","Rome"]}},"required":["city"]}}],"tool_choice":"required","temperature":0,"max_output_tokens":40,"seed":7 """, false)]
    [InlineData("example-embeddings", "/v1/embeddings", Encoder + """, "input":["A cat sat.","A dog ran."],"dimensions":4 """, false)]
    [InlineData("example-embeddings-base64", "/v1/embeddings", Encoder + """, "input":"A cat sat.","dimensions":4,"encoding_format":"base64" """, false)]
    [InlineData("example-tokenize", "/v1/tokenize", Model + """, "prompt":"Hello, world","return_token_strs":true """, false)]
    [InlineData("example-tokenize-messages", "/v1/tokenize", Model + "," + Asks, false)]
    [InlineData("example-detokenize", "/v1/detokenize", Model + """, "tokens":[19556,28,905] """, false)]
    [InlineData("example-error-value", Chat, Model + "," + Asks + """, "temperature":3 """, false)]
    [InlineData("example-error-model", Chat, """ "model":"gpt-4",""" + Asks, false)]
    public async Task Post_Example_IsWhatTheServerSays(string name, string path, string members, bool streams)
    {
        var transcript = new StringBuilder();
        if (streams) (await Exchange.RecordAsync(servers.Client, "POST", path, $$"""{{{Tidy(members)}},"stream":true}""")).Append(transcript);
        (await Exchange.RecordAsync(servers.Client, "POST", path, $$"""{{{Tidy(members)}}}""")).Append(transcript);
        Verify(name, transcript);
    }

    [Fact]
    public async Task Post_PromptFillsTheContext_IsWhatTheServerSays()
    {
        var transcript = new StringBuilder();
        string tokens = string.Join(',', Enumerable.Repeat(28, 8192));
        (await Exchange.RecordAsync(servers.Client, "POST", "/v1/completions", $$"""{{{Model}},"prompt":[{{tokens}}]}""")).Append(transcript);
        Verify("example-error-context", transcript.Replace(tokens, "(8192 tokens)"));
    }

    [Fact]
    public async Task Get_Examples_AreWhatTheServerSays()
    {
        foreach ((string name, string[] paths) in new (string, string[])[]
        {
            ("example-models", ["/v1/models", "/v1/models/huggingfacetb/smollm2-135m-instruct", "/v1/models/gpt-4"]),
            ("example-health", ["/livez", "/readyz", "/health"]),
            ("example-error-path", ["/v1/nothing", "/v1/completions"]),
        })
        {
            var transcript = new StringBuilder();
            foreach (string path in paths) (await Exchange.RecordAsync(servers.Client, "GET", path)).Append(transcript);
            Verify(name, transcript);
        }
    }

    [Fact]
    public async Task Stream_Resumed_IsWhatTheServerSays()
    {
        var transcript = new StringBuilder();
        Exchange begun = await Exchange.RecordAsync(
            servers.Client, "POST", Chat, $$"""{{{Tidy(Model + "," + Asks + """, "temperature":0,"max_tokens":3,"seed":7,"stream":true """)}}}""", ("X-Konko-Resumable", "true"));
        begun.Append(transcript);
        string path = "/v1/streams/" + Id().Match(begun.Answer).Groups[1].Value;
        (await Exchange.RecordAsync(servers.Client, "GET", path, null, ("Last-Event-ID", "2"))).Append(transcript);
        (await Exchange.RecordAsync(servers.Client, "GET", path, null, ("Last-Event-ID", "9"))).Append(transcript);
        (await Exchange.RecordAsync(servers.Client, "DELETE", path)).Append(transcript);
        (await Exchange.RecordAsync(servers.Client, "GET", path)).Append(transcript);
        Verify("example-streams", transcript);
    }

    [Fact]
    public async Task Post_RefusedBeforeItIsRead_IsWhatTheServerSays()
    {
        var transcript = new StringBuilder();
        await using RunningServer keyed = await RunningServer.StartAsync(new KonkoOptions { Keys = ["ko-1"], BodyLimitBytes = 1024 });
        (await Exchange.RecordAsync(keyed.Client, "POST", Chat, "{}")).Append(transcript);
        (await Exchange.RecordAsync(keyed.Client, "POST", Chat, new string(' ', 1025), ("Authorization", "Bearer ko-1"))).Append(transcript);
        (await Exchange.RecordAsync(keyed.Client, "POST", Chat, "{}", ("Authorization", "Bearer ko-1"), ("Content-Type", "text/plain"))).Append(transcript);
        await using RunningServer open = await RunningServer.StartAsync();
        (await Exchange.RecordAsync(open.Client, "POST", Chat, "{}", ("Host", "example.test"))).Append(transcript);
        Verify("example-error-refused", transcript.Replace(new string(' ', 1025), "(1025 bytes)"));
    }

    [Fact]
    public async Task Post_ServerIsAtFault_IsWhatTheServerSays()
    {
        var transcript = new StringBuilder();
        foreach (ApiError error in (ApiError[])[ApiError.Overloaded(TimeSpan.FromSeconds(1)), ApiError.Internal(), Konko.Server.Hosting.Drain.Refusal])
        {
            await using ApiHost host = await ApiHost.StartAsync(new Support.ScriptedProvider(_ => []) { Refusal = _ => error });
            (await Exchange.RecordAsync(host.Client, "POST", Chat, $$"""{"model":"{{ApiHost.Model}}",{{Asks.Trim()}}}""")).Append(transcript);
        }

        Verify("example-error-server", transcript);
    }

    // What names the weights and the arithmetic is no part of the form, and what is cached depends on what was asked before.
    private static void Verify(string name, StringBuilder transcript)
        => Golden.Verify(Cached().Replace(Fingerprint().Replace(transcript.ToString(), "\"fp_4a7c1e9b02d6\""), "\"cached_tokens\":0"), name);

    private static string Tidy(string members) => members.Trim().Replace(" , ", ",", StringComparison.Ordinal).Replace(", \"", ",\"", StringComparison.Ordinal).Replace(" ,\"", ",\"", StringComparison.Ordinal);

    [GeneratedRegex("\"id\":\"([0-9a-f-]{36})\"")]
    private static partial Regex Id();

    [GeneratedRegex("\"cached_tokens\":[0-9]+")]
    private static partial Regex Cached();

    [GeneratedRegex("\"fp_[^\"]*\"")]
    private static partial Regex Fingerprint();
}
