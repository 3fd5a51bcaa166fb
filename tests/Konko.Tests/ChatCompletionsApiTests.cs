using System.Text.Json;
using System.Text.Json.Nodes;
using Konko.Tests.Support;

namespace Konko.Tests;

public sealed class ChatCompletionsApiTests
{
    private readonly FakeUpstream _upstream = new();

    [Fact]
    public async Task CreateStreaming_Chunks_PrintLikeThePythonSdk()
    {
        _upstream.Stream(Wire.Says(" Our") + Wire.Done);
        using KonkoClient konko = _upstream.Client();
        var lines = new List<string>();
        await foreach (var messageChunk in konko.ChatCompletion.CreateStreaming(model: "org/tiny", messages: [("system", "You are an FAQ bot."), ("user", "What's your return policy?")], temperature: 0.1, maxTokens: 300, n: 1))
            lines.Add($"{messageChunk}");
        Assert.Equal(["ChatCompletionChunk(id='a91c0730-161f-4885-aa5f-076da3dfa8c8', choices=[Choice(delta=ChoiceDelta(content=' Our', function_call=None, role='assistant', tool_calls=None), finish_reason=None, index=0, logprobs=None)], created=1704899844, model='org/tiny', object='chat.completion.chunk', system_fingerprint=None, usage=None, token={'id': 4400, 'text': ' Our', 'logprob': -0.21, 'special': False})"], lines);
        Assert.Equal("""{"model":"org/tiny","messages":[{"role":"system","content":"You are an FAQ bot."},{"role":"user","content":"What's your return policy?"}],"temperature":0.1,"max_tokens":300,"n":1,"stream":true}""", Assert.Single(_upstream.Requests).Body);
    }

    [Fact]
    public async Task CreateAsync_Answer_PrintsLikeThePythonSdkAndKeepsWhatItDoesNotKnow()
    {
        _upstream.Answer(200, Wire.Whole, ("x-request-id", "req-1"), ("x-konko-seed", "7"));
        using KonkoClient konko = _upstream.Client();
        ChatCompletion completion = await konko.Chat.Completions.CreateAsync(model: "org/tiny", messages: [Message.User("Hi")], temperature: 0.1);
        Assert.Equal("ChatCompletion(id='a91c0730-161f-4885-aa5f-076da3dfa8c8', choices=[Choice(finish_reason='stop', index=0, logprobs=None, message=ChatCompletionMessage(content=' Our policy', role='assistant', function_call=None, tool_calls=None))], created=1704899844, model='org/tiny', object='chat.completion', system_fingerprint=None, usage=CompletionUsage(completion_tokens=3, prompt_tokens=5, total_tokens=8, prompt_tokens_details=PromptTokensDetails(cached_tokens=0)), service_tier='best')", $"{completion}");
        Assert.Equal("best", completion.Extra!["service_tier"].GetString());
        Assert.Equal(("req-1", "7", Wire.Whole), (completion.Response!.RequestId, completion.Response.Header("X-Konko-Seed"), completion.Response.Text));
    }

    [Fact]
    public async Task CreateAsync_ExtraFields_StandAboveTheProperties()
    {
        _upstream.Answer(200, Wire.Whole);
        JsonObject extra = new() { ["top_k"] = 40, ["temperature"] = 0, ["user"] = null };
        await _upstream.Client().ChatCompletion.CreateAsync("org/tiny", [("user", "Hi")], temperature: 1, extra: extra);
        Assert.Equal("""{"model":"org/tiny","messages":[{"role":"user","content":"Hi"}],"temperature":0,"top_k":40,"user":null}""", _upstream.Requests[0].Body);
    }

    [Fact]
    public async Task CreateAsync_EveryParameter_IsSentByItsName()
    {
        _upstream.Answer(200, Wire.Whole);
        await _upstream.Client().ChatCompletion.CreateAsync(new ChatRequest
        {
            Model = "org/tiny",
            Messages = [("developer", "Be brief."), Message.Assistant("Yes."), new() { Role = "assistant", ToolCalls = [new ToolCall { Id = "c1", Function = new FunctionCall { Name = "f", Arguments = "{}" } }] }, Message.Tool("c1", "42")],
            TopP = 0.5,
            Stop = ["\n"],
            LogitBias = new Dictionary<string, double> { ["5"] = -100 },
            Seed = 9,
            Logprobs = true,
            TopLogprobs = 2,
            Tools = [Tool.Create("f", "Does f.", """{"type":"object"}""", strict: true)],
            ToolChoice = ToolChoice.Function("f"),
            ParallelToolCalls = false,
            ResponseFormat = ResponseFormat.JsonObject,
            Details = true,
        });
        Assert.Equal("""{"model":"org/tiny","messages":[{"role":"developer","content":"Be brief."},{"role":"assistant","content":"Yes."},{"role":"assistant","tool_calls":[{"id":"c1","function":{"arguments":"{}","name":"f"},"type":"function"}]},{"role":"tool","content":"42","tool_call_id":"c1"}],"top_p":0.5,"stop":["\n"],"logit_bias":{"5":-100},"seed":9,"logprobs":true,"top_logprobs":2,"tools":[{"type":"function","function":{"name":"f","description":"Does f.","parameters":{"type":"object"},"strict":true}}],"tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false,"response_format":{"type":"json_object"},"details":true}""", _upstream.Requests[0].Body);
    }

    [Fact]
    public async Task ToCompletionAsync_ToolCallsInFragments_AreWhole()
    {
        _upstream.Stream(
            Wire.Event("""{"id":"x","choices":[{"index":0,"delta":{"role":"assistant","content":"","tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"weather","arguments":""}}]}}]}""")
            + Wire.Event("""{"id":"x","choices":[{"index":0,"delta":{"content":"","tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}}]}""")
            + Wire.Event("""{"id":"x","choices":[{"index":0,"delta":{"content":"","tool_calls":[{"index":0,"function":{"arguments":"\"Oslo\"}"}}]}}]}""")
            + Wire.Event("""{"id":"x","choices":[{"index":0,"delta":{"content":""},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""") + Wire.Done);
        ChatCompletion whole = await _upstream.Client().ChatCompletion.CreateStreaming("org/tiny", [("user", "Hi")]).ToCompletionAsync();
        ChatChoice choice = Assert.Single(whole.Choices);
        ToolCall call = Assert.Single(choice.Message.ToolCalls!);
        Assert.Equal(("c1", "weather", """{"city":"Oslo"}"""), (call.Id, call.Function.Name, call.Function.Arguments));
        Assert.Equal((null, "tool_calls", 3), (choice.Message.Content, choice.FinishReason, whole.Usage!.TotalTokens));
    }

    [Fact]
    public async Task CreateStreaming_FieldsNobodyKnows_AreKept()
    {
        _upstream.Stream(Wire.Event("""{"id":"x","created":1.5,"service_tier":"flex","choices":[{"index":0,"delta":{"content":null,"refusal":"No."},"weight":2}]}""") + Wire.Done);
        await foreach (ChatCompletionChunk chunk in _upstream.Client().ChatCompletion.CreateStreaming("org/tiny", [("user", "Hi")]))
        {
            Assert.Equal(("flex", 2, "No."), (chunk.Extra!["service_tier"].GetString(), chunk.Choices[0].Extra!["weight"].GetInt32(), chunk.Choices[0].Delta.Extra!["refusal"].GetString()));
            Assert.Equal(("", "", 1L), (chunk.Text, chunk.Model, chunk.Created));
        }
    }

    [Fact]
    public async Task CompleteAsync_Type_SendsItsSchemaAndReadsTheValue()
    {
        _upstream.Answer(200, Answering("""{"name":"Oslo","people":717710}"""));
        City city = await _upstream.Client().Chat("org/tiny").CompleteAsync("The capital of Norway?", TestJson.Default.City);
        Assert.Equal(new City("Oslo", 717710), city);
        JsonElement format = _upstream.Requests[0].Json.GetProperty("response_format");
        JsonElement schema = format.GetProperty("json_schema").GetProperty("schema");
        Assert.Equal(("json_schema", true, "City"), (format.GetProperty("type").GetString(), format.GetProperty("json_schema").GetProperty("strict").GetBoolean(), format.GetProperty("json_schema").GetProperty("name").GetString()));
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal(["name", "people"], schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task CompleteAsync_AnswerCutOff_Throws()
    {
        _upstream.Answer(200, Answering("""{"name":"Os""").Replace("\"stop\"", "\"length\"", StringComparison.Ordinal));
        JsonException cut = await Assert.ThrowsAsync<JsonException>(() => _upstream.Client().Chat("org/tiny").CompleteAsync("?", TestJson.Default.City));
        Assert.Contains("cut off", cut.Message, StringComparison.Ordinal);
    }

    private static string Answering(string text) => Wire.Whole.Replace("\" Our policy\"", JsonSerializer.Serialize(text), StringComparison.Ordinal);
}
