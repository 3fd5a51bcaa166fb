using System.Text.Json;
using System.Text.Json.Nodes;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Providers.Local;

/// <summary>What the embedded model, which never saw a tool, must write where its text is constrained.</summary>
public sealed class ForcedCallTests : IAsyncLifetime
{
    private const string Tools = """
        [{"type":"function","function":{"name":"get_weather","description":"Weather of a city.","parameters":{"$defs":{"unit":{"enum":["c","f"]}},"type":"object",
          "properties":{"city":{"type":"string","maxLength":20},"unit":{"$ref":"#/$defs/unit"}},"required":["city","unit"]}}},
         {"type":"function","function":{"name":"now"}}]
        """;

    private static readonly string[] s_cities = ["Rome", "Oslo", "Lima", "Bern"];

    private EngineHost? _host;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await EngineHost.StartAsync(Repository.SmolLM2);

    public ValueTask DisposeAsync() => _host!.DisposeAsync();

    [Theory]
    [InlineData("\"required\"", null)]
    [InlineData("""{"type":"function","function":{"name":"get_weather"}}""", "get_weather")]
    [InlineData("""{"type":"function","function":{"name":"now"}}""", "now")]
    public async Task PostChat_CallIsForced_IsAValidCallStreamedOrWhole(string choice, string? name)
    {
        for (int seed = 0; seed < 4; seed++)
        {
            JsonObject request = Request($$""" "tools":{{Tools}},"tool_choice":{{choice}} """, seed);
            JsonObject whole = AnswerFold.Comparable(await BodyAsync(request));
            JsonNode only = whole["choices"]!.AsArray().Single()!;
            Assert.Equal("tool_calls", (string)only["finish_reason"]!);
            Assert.Null(only["message"]!["content"]);
            JsonNode call = only["message"]!["tool_calls"]!.AsArray().Single()!["function"]!;
            AssertValid((string)call["name"]!, (string)call["arguments"]!, name);

            request["stream"] = true;
            using HttpResponseMessage response = await _host!.Api.PostAsync("/v1/chat/completions", request.ToJsonString());
            var transcript = SseTranscript.Parse(await response.Content.ReadAsByteArrayAsync(Token));
            JsonObject folded = AnswerFold.Whole(transcript.Events, chat: true, logprobs: false, includeUsage: false, roleOnce: false, hasTools: true);
            // The prompt is cached by now, which is all that may differ.
            folded["usage"]!["prompt_tokens_details"] = whole["usage"]!["prompt_tokens_details"]!.DeepClone();
            Assert.Equal(whole.ToJsonString(), folded.ToJsonString());
        }
    }

    [Fact]
    public async Task PostChat_StrictAndAsTheModelLikes_IsTextOrAValidCall()
    {
        string strict = Tools.Replace("\"name\":", "\"strict\":true,\"name\":", StringComparison.Ordinal);
        int texts = 0, calls = 0;
        for (int seed = 0; seed < 8; seed++)
        {
            JsonObject request = Request($$""" "tools":{{strict}} """, seed);
            request["max_tokens"] = 60;
            // Every second one follows others that were calls, and left out what they must not.
            if (seed % 2 == 0)
            {
                request["temperature"] = 0;
                request["messages"] = new JsonArray([.. s_cities.SelectMany(Exchange), new JsonObject { ["role"] = "user", ["content"] = $"Weather in {s_cities[seed / 2]}?" }]);
            }

            JsonNode choice = JsonNode.Parse(await BodyAsync(request))!["choices"]![0]!;
            if (choice["message"]!["tool_calls"] is not JsonArray list) texts++;
            else if ((string)choice["finish_reason"]! == "tool_calls")
            {
                calls++;
                foreach (JsonNode? call in list) AssertValid((string)call!["function"]!["name"]!, (string)call["function"]!["arguments"]!, null);
            }
        }

        Assert.True(texts > 0 && calls > 0, $"{texts} texts, {calls} calls");
    }

    private static JsonObject[] Exchange(string city) =>
    [
        new() { ["role"] = "user", ["content"] = $"Weather in {city}?" },
        JsonNode.Parse($$$"""{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"{{{city}}}\"}"}}]}""")!.AsObject(),
    ];

    [Fact]
    public async Task PostChat_OlderFormForced_IsAValidCall()
    {
        JsonObject request = Request(""" "functions":[{"name":"now"},{"name":"set","parameters":{"properties":{"on":{"type":"boolean"}},"required":["on"]}}],"function_call":{"name":"set"} """, 1);
        JsonNode choice = JsonNode.Parse(await BodyAsync(request))!["choices"]![0]!;
        Assert.Equal("function_call", (string)choice["finish_reason"]!);
        Assert.Equal("set", (string)choice["message"]!["function_call"]!["name"]!);
        Assert.Contains((string)choice["message"]!["function_call"]!["arguments"]!, (string[])["{\"on\":true}", "{\"on\": true}", "{\"on\":false}", "{\"on\": false}"]);
    }

    [Fact]
    public async Task PostChat_ResponseFormat_IsWhatTheSchemaSays()
    {
        JsonObject request = Request(
            """ "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"ok":{"type":"boolean"},"n":{"type":"integer","minimum":1,"maximum":9}},"required":["ok","n"],"additionalProperties":false}}} """, 3);
        string content = (string)JsonNode.Parse(await BodyAsync(request))!["choices"]![0]!["message"]!["content"]!;
        Assert.Matches("""^\{"ok": ?(true|false), ?"n": ?[1-9]\}$""", content);
    }

    [Fact]
    public async Task PostChat_ResponseFormatBesideTools_IsEitherOne()
    {
        JsonObject request = Request(
            """ "tools": """ + Tools + """
            ,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"ok":{"$ref":"#/$defs/b"}},"required":["ok"],"additionalProperties":false,"$defs":{"b":{"type":"boolean"}}}}}
            """, 5);
        for (int seed = 0; seed < 4; seed++)
        {
            request["seed"] = seed;
            JsonNode choice = JsonNode.Parse(await BodyAsync(request))!["choices"]![0]!;
            if (choice["message"]!["tool_calls"] is JsonArray calls) AssertValid((string)calls[0]!["function"]!["name"]!, (string)calls[0]!["function"]!["arguments"]!, null);
            else Assert.Matches("""^\{"ok": ?(true|false)\}$""", (string)choice["message"]!["content"]!);
        }
    }

    [Theory]
    [InlineData("""{"type":"json_object"}""", "guided_x", null)]
    [InlineData(null, "guided_regex", "\"[ab]{3}-[0-9]\"")]
    [InlineData(null, "guided_choice", "[\"yes\",\"no\"]")]
    [InlineData(null, "guided_grammar", "\"root ::= \\\"a\\\" | \\\"b\\\"\"")]
    [InlineData(null, "guided_json", "{\"enum\":[1,2]}")]
    public async Task PostCompletion_Constrained_IsOfThatForm(string? format, string name, string? value)
    {
        var request = new JsonObject { ["model"] = ApiHost.Model, ["prompt"] = "Answer:", ["seed"] = 2, ["max_tokens"] = 60, [name] = value is null ? null : JsonNode.Parse(value) };
        if (format is not null) request["response_format"] = JsonNode.Parse(format);
        JsonNode choice = JsonNode.Parse(await BodyAsync(request, "/v1/completions"))!["choices"]![0]!;
        string text = (string)choice["text"]!;
        if (name == "guided_x") Assert.StartsWith("{", text, StringComparison.Ordinal);
        else Assert.Matches(name switch { "guided_regex" => "^[ab]{3}-[0-9]$", "guided_choice" => "^(yes|no)$", "guided_grammar" => "^[ab]$", _ => "^[12]$" }, text);
    }

    private static void AssertValid(string name, string arguments, string? expected)
    {
        if (expected is not null) Assert.Equal(expected, name);
        using var document = JsonDocument.Parse(arguments);
        if (name == "now")
        {
            Assert.Equal("{}", arguments);
            return;
        }

        Assert.Equal(["city", "unit"], document.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.InRange(document.RootElement.GetProperty("city").GetString()!.Length, 0, 40);
        Assert.Contains(document.RootElement.GetProperty("unit").GetString(), (string[])["c", "f"]);
    }

    private static JsonObject Request(string members, int seed)
        => JsonNode.Parse($$$"""{"model":"{{{ApiHost.Model}}}","messages":[{"role":"user","content":"What is the weather in Paris?"}],"seed":{{{seed}}},"max_tokens":200,{{{members}}}}""")!.AsObject();

    private async Task<string> BodyAsync(JsonObject request, string path = "/v1/chat/completions")
    {
        using HttpResponseMessage response = await _host!.Api.PostAsync(path, request.ToJsonString());
        string body = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, body);
        return body;
    }
}
