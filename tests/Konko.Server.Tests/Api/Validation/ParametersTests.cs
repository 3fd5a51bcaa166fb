using System.Net;
using System.Text;
using System.Text.Json;
using Konko.Engine.Sampling;
using Konko.Server.Generation.Tools;
using Konko.Server.Providers;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Api.Validation;

/// <summary>One host for all cases; each sends one request.</summary>
public sealed class ParametersTests : IAsyncLifetime
{
    private readonly ScriptedProvider _provider = new(Script.Drawn);
    private ApiHost? _host;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(_provider);

    public ValueTask DisposeAsync() => _host!.DisposeAsync();

    [Theory]
    [InlineData("\"model\":null", "model")]
    [InlineData("\"model\":7", "model")]
    [InlineData("\"model\":\"\"", "model")]
    [InlineData("\"max_tokens\":-1", "max_tokens")]
    [InlineData("\"max_tokens\":1.5", "max_tokens")]
    [InlineData("\"max_tokens\":\"5\"", "max_tokens")]
    [InlineData("\"max_tokens\":1e30", "max_tokens")]
    [InlineData("\"max_completion_tokens\":-1", "max_completion_tokens")]
    [InlineData("\"temperature\":2.0000001", "temperature")]
    [InlineData("\"temperature\":-0.1", "temperature")]
    [InlineData("\"temperature\":\"NaN\"", "temperature")]
    [InlineData("\"temperature\":1e999", "temperature")]
    [InlineData("\"top_p\":0", "top_p")]
    [InlineData("\"top_p\":1.01", "top_p")]
    [InlineData("\"top_k\":-2", "top_k")]
    [InlineData("\"min_p\":-0.5", "min_p")]
    [InlineData("\"typical_p\":0", "typical_p")]
    [InlineData("\"repetition_penalty\":0", "repetition_penalty")]
    [InlineData("\"n\":0", "n")]
    [InlineData("\"n\":129", "n")]
    [InlineData("\"n\":true", "n")]
    [InlineData("\"stop\":\"\"", "stop")]
    [InlineData("\"stop\":[\"a\",\"\"]", "stop")]
    [InlineData("\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]", "stop")]
    [InlineData("\"stop\":[1]", "stop")]
    [InlineData("\"stop\":{}", "stop")]
    [InlineData("\"presence_penalty\":2.5", "presence_penalty")]
    [InlineData("\"frequency_penalty\":-2.5", "frequency_penalty")]
    [InlineData("\"logit_bias\":[]", "logit_bias")]
    [InlineData("\"logit_bias\":{\"a\":1}", "logit_bias")]
    [InlineData("\"logit_bias\":{\"-1\":1}", "logit_bias")]
    [InlineData("\"logit_bias\":{\"5\":101}", "logit_bias.5")]
    [InlineData("\"logit_bias\":{\"5\":\"1\"}", "logit_bias.5")]
    [InlineData("\"seed\":9223372036854775808", "seed")]
    [InlineData("\"seed\":0.5", "seed")]
    [InlineData("\"stream\":\"true\"", "stream")]
    [InlineData("\"stream\":1", "stream")]
    [InlineData("\"stream_options\":{}", "stream_options")]
    [InlineData("\"stream\":true,\"stream_options\":[]", "stream_options")]
    [InlineData("\"stream\":true,\"stream_options\":{\"include_usage\":1}", "stream_options.include_usage")]
    [InlineData("\"stream\":true,\"stream_options\":{\"resumable\":\"yes\"}", "stream_options.resumable")]
    [InlineData("\"stream_options\":{\"resumable\":true}", "stream_options")]
    [InlineData("\"details\":0", "details")]
    [InlineData("\"ignore_eos\":\"no\"", "ignore_eos")]
    [InlineData("\"min_tokens\":-1", "min_tokens")]
    [InlineData("\"min_tokens\":6,\"max_tokens\":5", "min_tokens")]
    [InlineData("\"tools\":{}", "tools")]
    [InlineData("\"response_format\":{}", "response_format.type")]
    [InlineData("\"response_format\":{\"type\":\"xml\"}", "response_format.type")]
    [InlineData("\"response_format\":\"json\"", "response_format")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\"}", "response_format.json_schema")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{}}", "response_format.json_schema.schema")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"type\":7}}}", "response_format.json_schema.schema")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"type\":\"array\",\"uniqueItems\":true}}}", "response_format.json_schema.schema")]
    [InlineData("\"guided_json\":7", "guided_json")]
    [InlineData("\"guided_json\":\"{\"", "guided_json")]
    [InlineData("\"guided_json\":{\"format\":\"regex\",\"type\":\"string\"}", "guided_json")]
    [InlineData("\"guided_regex\":\"(a\"", "guided_regex")]
    [InlineData("\"guided_regex\":7", "guided_regex")]
    [InlineData("\"guided_choice\":[]", "guided_choice")]
    [InlineData("\"guided_choice\":[1]", "guided_choice")]
    [InlineData("\"guided_grammar\":\"\"", "guided_grammar")]
    [InlineData("\"guided_regex\":\"a\",\"guided_choice\":[\"a\"]", "guided_choice")]
    [InlineData("\"guided_regex\":\"a\",\"response_format\":{\"type\":\"json_object\"}", "guided_regex")]
    public async Task Post_ValueOutOfBounds_Is400NamingIt(string fragment, string param)
    {
        await AssertRefusedAsync("/v1/chat/completions", $"{{{Base("messages", """[{"role":"user","content":"x"}]""", fragment)}}}", param);
        await AssertRefusedAsync("/v1/completions", $"{{{Base("prompt", "\"x\"", fragment)}}}", param);
    }

    [Theory]
    [InlineData("\"messages\":null", "messages")]
    [InlineData("\"messages\":[]", "messages")]
    [InlineData("\"messages\":{}", "messages")]
    [InlineData("\"messages\":[1]", "messages[0]")]
    [InlineData("\"messages\":[{\"content\":\"x\"}]", "messages[0].role")]
    [InlineData("\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]", "messages[0].role")]
    [InlineData("\"messages\":[{\"role\":\"User\",\"content\":\"x\"}]", "messages[0].role")]
    [InlineData("\"messages\":[{\"role\":\"assistantass\",\"content\":\"x\"}]", "messages[0].role")]
    [InlineData("\"messages\":[{\"role\":\"user\"}]", "messages[0].content")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":null}]", "messages[1].content")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":5}]", "messages[0].content")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[]}]", "messages[0].content")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[\"x\"]}]", "messages[0].content[0]")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]", "messages[0].content[0].type")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]", "messages[0].content[0].text")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"name\":5}]", "messages[0].name")]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"tool_calls\":[{}]}]", "messages[0].tool_calls")]
    [InlineData("\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"1\"}]}]", "messages[0].tool_calls[0].function")]
    [InlineData("\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"\"}}]}]", "messages[0].tool_calls[0].function.name")]
    [InlineData("\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":1}}]}]", "messages[0].tool_calls[0].function.arguments")]
    [InlineData("\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[1]}]", "messages[0].tool_calls[0]")]
    [InlineData("\"messages\":[{\"role\":\"assistant\",\"function_call\":{}}]", "messages[0].function_call.name")]
    [InlineData("\"tools\":[1]", "tools[0]")]
    [InlineData("\"tools\":[{\"type\":\"function\"}]", "tools[0].function")]
    [InlineData("\"tools\":[{\"type\":\"custom\",\"function\":{\"name\":\"f\"}}]", "tools[0].type")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f f\"}}]", "tools[0].function.name")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":[]}}]", "tools[0].function.parameters")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"strict\":1}}]", "tools[0].function.strict")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", "tools[1].name")]
    [InlineData("\"tool_choice\":\"required\"", "tool_choice")]
    [InlineData("\"tool_choice\":\"any\"", "tool_choice")]
    [InlineData("\"tool_choice\":7", "tool_choice")]
    [InlineData("\"tool_choice\":{\"type\":\"function\"}", "tool_choice.name")]
    [InlineData("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}", "tool_choice.name")]
    [InlineData("\"parallel_tool_calls\":1", "parallel_tool_calls")]
    [InlineData("\"functions\":[{\"name\":\"\"}]", "functions[0].name")]
    [InlineData("\"function_call\":\"required\"", "function_call")]
    [InlineData("\"function_call\":{\"name\":\"f\"}", "function_call.name")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"properties\":{\"a\":{\"type\":\"array\",\"uniqueItems\":true}}}}}],\"tool_choice\":\"required\"", "tools[0].function.parameters")]
    [InlineData("\"functions\":[{\"name\":\"f\",\"parameters\":{\"type\":7}}],\"function_call\":{\"name\":\"f\"}", "functions[0].parameters")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"guided_regex\":\"a\"", "guided_regex")]
    [InlineData("\"functions\":[{\"name\":\"f\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", "functions")]
    [InlineData("\"logprobs\":1", "logprobs")]
    [InlineData("\"logprobs\":true,\"top_logprobs\":21", "top_logprobs")]
    [InlineData("\"top_logprobs\":2", "top_logprobs")]
    [InlineData("\"reasoning_effort\":5", "reasoning_effort")]
    [InlineData("\"chat_template_kwargs\":[]", "chat_template_kwargs")]
    public Task PostChat_ValueOutOfBounds_Is400NamingIt(string fragment, string param)
        => AssertRefusedAsync("/v1/chat/completions", $"{{{Base("messages", """[{"role":"user","content":"x"}]""", fragment)}}}", param);

    [Theory]
    [InlineData("\"prompt\":null", "prompt")]
    [InlineData("\"prompt\":5", "prompt")]
    [InlineData("\"prompt\":[]", "prompt")]
    [InlineData("\"prompt\":[[]]", "prompt")]
    [InlineData("\"prompt\":[\"a\",1]", "prompt")]
    [InlineData("\"prompt\":[1,\"a\"]", "prompt")]
    [InlineData("\"prompt\":[-1]", "prompt")]
    [InlineData("\"prompt\":[1.5]", "prompt")]
    [InlineData("\"prompt\":[\"a\",\"b\"],\"n\":65", "prompt")]
    [InlineData("\"logprobs\":6", "logprobs")]
    [InlineData("\"logprobs\":true", "logprobs")]
    [InlineData("\"echo\":1", "echo")]
    [InlineData("\"suffix\":1", "suffix")]
    [InlineData("\"suffix\":\"x\",\"echo\":true", "suffix")]
    [InlineData("\"suffix\":\"x\",\"prompt\":[1]", "suffix")]
    [InlineData("\"best_of\":0", "best_of")]
    [InlineData("\"best_of\":129", "best_of")]
    [InlineData("\"best_of\":2,\"stream\":true", "best_of")]
    [InlineData("\"best_of\":65,\"prompt\":[\"a\",\"b\"]", "prompt")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", "tools")]
    [InlineData("\"functions\":[{\"name\":\"f\"}]", "functions")]
    [InlineData("\"best_of\":1,\"n\":2", "best_of")]
    [InlineData("\"min_tokens\":17", "min_tokens")]
    public Task PostCompletion_ValueOutOfBounds_Is400NamingIt(string fragment, string param)
        => AssertRefusedAsync("/v1/completions", $"{{{Base("prompt", "\"x\"", fragment)}}}", param);

    [Fact]
    public async Task PostChat_EveryOptionalParameterNull_IsAsIfAbsent()
    {
        string[] names =
        [
            "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "min_p", "typical_p", "repetition_penalty", "n", "stop",
            "presence_penalty", "frequency_penalty", "logit_bias", "seed", "logprobs", "top_logprobs", "stream", "stream_options", "details", "tools",
            "tool_choice", "parallel_tool_calls", "functions", "function_call", "response_format", "guided_regex", "guided_choice", "guided_grammar",
            "chat_template_kwargs", "reasoning_effort", "ignore_eos", "min_tokens", "user", "metadata", "store",
        ];
        ProviderRequest request = await AcceptedAsync("/v1/chat/completions", Base("messages", """[{"role":"user","content":"x","name":null,"tool_calls":null}]""", string.Join(',', names.Select(name => $"\"{name}\":null"))));
        Assert.Null(request.MaxTokens);
        Assert.Equal((1, 0), (request.Choices, request.Stop.Count));
        SamplingParameters defaults = new() { Seed = request.Sampling.Seed, LogitBias = request.Sampling.LogitBias };
        Assert.Empty(request.Sampling.LogitBias);
        Assert.Equal(defaults, request.Sampling);
    }

    [Fact]
    public async Task PostCompletion_EverythingSet_ReachesTheProvider()
    {
        ProviderRequest request = await AcceptedAsync("/v1/completions", Base("prompt", "\"x\"", """
            "max_tokens":9,"max_completion_tokens":7.0,"temperature":0.5,"top_p":0.25,"top_k":4e1,"min_p":0.125,"typical_p":0.75,"repetition_penalty":1.5,
            "n":2,"stop":["a","b"],"presence_penalty":-1,"frequency_penalty":1,"logit_bias":{"5":1,"5":-1.5,"6":null},"seed":-9223372036854775808,"logprobs":3,
            "echo":true,"suffix":"","best_of":2,"ignore_eos":true,"min_tokens":7,"tools":[],"tool_choice":"auto","response_format":{"type":"text"},"no_such_thing":{"a":[]}
            """));
        Assert.Equal((7, 2, true), (request.MaxTokens, request.Choices, request.Echo));
        Assert.Equal(["a", "b"], request.Stop);
        Assert.Equal([KeyValuePair.Create(5, -1.5f)], request.Sampling.LogitBias);
        Assert.Equal(
            new SamplingParameters
            {
                Temperature = 0.5f, TopP = 0.25f, TopK = 40, MinP = 0.125f, TypicalP = 0.75f, RepetitionPenalty = 1.5f, PresencePenalty = -1, FrequencyPenalty = 1,
                LogitBias = request.Sampling.LogitBias, Seed = long.MinValue, IgnoreEos = true, MinTokens = 7, TopLogProbs = 3,
            },
            request.Sampling);
    }

    [Fact]
    public async Task PostChat_Messages_ReachTheProvider()
    {
        ProviderRequest request = await AcceptedAsync("/v1/chat/completions", Base("messages", """
            [{"role":"developer","content":"be kind"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}],"name":"Ann"},
             {"role":"assistantassistant","content":null,"tool_calls":[{"id":"1","function":{"name":"f"}}],"reasoning_content":"hm"},{"role":"tool","content":"4","tool_call_id":"1"}]
            """, """ "reasoning_effort":"low","chat_template_kwargs":{"enable_thinking":false} """));
        var prompt = (ChatPrompt)request.Prompt;
        Assert.Equal(["developer", "user", "assistant", "tool"], prompt.Messages.Select(m => m.Role));
        Assert.Equal(["a", "b"], prompt.Messages[1].Content!.Parts);
        Assert.Equal(("Ann", true), (prompt.Messages[1].Name, prompt.Messages[1].Content!.IsList));
        Assert.Null(prompt.Messages[2].Content);
        Assert.Equal(("hm", "1"), (prompt.Messages[2].ReasoningContent, prompt.Messages[2].ToolCalls!.Value[0].GetProperty("id").GetString()));
        Assert.Equal("1", prompt.Messages[3].ToolCallId);
        Assert.Equal(["enable_thinking", "reasoning_effort"], prompt.TemplateVariables!.Keys.Order());
    }

    [Fact]
    public async Task PostChat_ToolsInEitherForm_ReachTheProvider()
    {
        const string Messages = """[{"role":"user","content":"x"}]""";
        ProviderRequest newer = await AcceptedAsync("/v1/chat/completions", Base("messages", Messages, """
            "tools":[{"type":"function","function":{"name":"f","description":"does","parameters":{"type":"object"},"strict":true}},{"type":"function","function":{"name":"g"}}],"parallel_tool_calls":false
            """));
        ToolOptions tools = ((ChatPrompt)newer.Prompt).Tools!;
        Assert.Equal(["f", "g"], tools.Tools.Select(tool => tool.Name));
        Assert.Equal((true, false), (tools.Tools[0].Strict, tools.Tools[1].Strict));
        Assert.Equal("""{"type":"object"}""", tools.Tools[0].Parameters!.Value.GetRawText());
        Assert.Null(tools.Tools[1].Parameters);
        Assert.Equal((ToolChoice.Auto, true, false), (tools.Choice, tools.OneCall, tools.Older));

        ProviderRequest older = await AcceptedAsync("/v1/chat/completions", Base("messages", """
            [{"role":"user","content":"x"},{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"4"}]
            """, """ "functions":[{"name":"f"}],"function_call":"auto" """));
        var prompt = (ChatPrompt)older.Prompt;
        Assert.Equal((true, true), (prompt.Tools!.Older, prompt.Tools.OneCall));
        Assert.Equal("""{"type":"function","function":{"name":"f"}}""", prompt.Tools.Tools[0].Definition.GetRawText());
        Assert.Equal("""[{"id":"call00001","type":"function","function":{"name":"f","arguments":"{}"}}]""", prompt.Messages[1].ToolCalls!.Value.GetRawText());
        Assert.Equal(("tool", "call00001", "f"), (prompt.Messages[2].Role, prompt.Messages[2].ToolCallId, prompt.Messages[2].Name));

        ProviderRequest none = await AcceptedAsync("/v1/chat/completions", Base("messages", Messages, """ "tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"none" """));
        Assert.Null(((ChatPrompt)none.Prompt).Tools);
    }

    [Theory]
    [InlineData("[1,2]", 1)]
    [InlineData("[[1],[2,3]]", 2)]
    [InlineData("[\"a\",\"b\",\"c\"]", 3)]
    public async Task PostCompletion_SeveralPrompts_GiveChoicesInTheirOrder(string prompt, int prompts)
    {
        using HttpResponseMessage response = await _host!.PostAsync("/v1/completions", $"{{{Base("prompt", prompt, "\"n\":2,\"max_tokens\":3,\"details\":true")}}}");
        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(Token));
        JsonElement.ArrayEnumerator choices = body.RootElement.GetProperty("choices").EnumerateArray();
        Assert.Equal(Enumerable.Range(0, prompts * 2), choices.Select(choice => choice.GetProperty("index").GetInt32()));
        Assert.Equal(
            choices.Sum(choice => choice.GetProperty("details").GetProperty("generated_tokens").GetInt32()),
            body.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Post_UnknownModel_Is404()
    {
        using HttpResponseMessage response = await _host!.PostAsync("/v1/completions", """{"model":"no/such","prompt":"x"}""");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("\"code\":\"model_not_found\"", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\uFEFF", "empty")]
    [InlineData("  ", "line 1")]
    [InlineData("[]", "object")]
    [InlineData("\"x\"", "object")]
    [InlineData("null", "object")]
    [InlineData("{\"model\":\n}", "line 2, byte 1")]
    [InlineData("{\"model\":\"x\"}}", "line 1")]
    [InlineData("{\"temperature\":NaN}", "line 1")]
    [InlineData("{'model':1}", "line 1")]
    [InlineData("{\"model\":1,}", "line 1")]
    [InlineData("{\"model\":/**/1}", "line 1")]
    [InlineData("{\"a\":\"\\ud800\"}", "surrogate")]
    [InlineData("{\"\\udc00\":1}", "surrogate")]
    public async Task Post_MalformedBody_Is400ThatSaysWhere(string body, string hint)
    {
        using HttpResponseMessage response = await _host!.PostAsync("/v1/completions", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(hint, await MessageAsync(response, param: null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_InvalidUtf8OrTooDeep_Is400()
    {
        using HttpResponseMessage invalid = await _host!.SendAsync("/v1/completions", [.. "{\"model\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        Assert.Contains("UTF-8 at byte 11", await MessageAsync(invalid, param: null), StringComparison.Ordinal);
        using HttpResponseMessage deep = await _host.PostAsync("/v1/completions", $"{{\"a\":{new string('[', 100_000)}");
        Assert.Contains("deeper", await MessageAsync(deep, param: null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ByteOrderMarkOrManyDigits_IsFine()
    {
        await AcceptedAsync("/v1/completions", Base("prompt", "\"x\"", $"\"temperature\":0.{new string('3', 5000)}"), bom: true);
        Assert.Equal(1f / 3, _provider.Last!.Sampling.Temperature);
    }

    private async Task<ProviderRequest> AcceptedAsync(string path, string members, bool bom = false)
    {
        using HttpResponseMessage response = await _host!.SendAsync(path, Encoding.UTF8.GetBytes($"{(bom ? "\uFEFF" : "")}{{{members}}}"));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
        return _provider.Last!;
    }

    private async Task AssertRefusedAsync(string path, string body, string param)
    {
        using HttpResponseMessage response = await _host!.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(param, await MessageAsync(response, param), StringComparison.Ordinal);
    }

    private static async Task<string> MessageAsync(HttpResponseMessage response, string? param)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(Token));
        JsonElement error = body.RootElement.GetProperty("error");
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(param, error.GetProperty("param").GetString());
        return error.GetProperty("message").GetString()!;
    }

    // Of repeated keys the last one counts, so that a fragment replaces what stands before it.
    private static string Base(string source, string value, string fragment) => $"\"model\":\"{ApiHost.Model}\",\"{source}\":{value},{fragment}";
}
