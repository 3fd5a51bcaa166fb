using System.Text.Json;
using Konko.Tests.Support;
using Microsoft.Extensions.AI;

namespace Konko.Tests.Abstractions;

public sealed class KonkoChatClientTests
{
    private readonly FakeUpstream _upstream = new();

    [Fact]
    public async Task GetResponseAsync_OptionsAndTools_AreSentAndTheAnswerRead()
    {
        _upstream.Answer(200, Wire.Whole);
        AIFunction weather = AIFunctionFactory.Create((string city) => "sun in " + city, "weather", "The weather of a city.");
        var options = new ChatOptions
        {
            Instructions = "Be brief.", Temperature = 0.5f, MaxOutputTokens = 9, TopK = 40, Seed = 3, StopSequences = ["\n"], Tools = [weather],
            ToolMode = ChatToolMode.RequireSpecific("weather"), AllowMultipleToolCalls = false, AdditionalProperties = new() { ["min_p"] = 0.1 },
        };
        ChatResponse response = await _upstream.Client().AsChatClient("org/tiny").GetResponseAsync([new(ChatRole.User, "Hi")], options);
        Assert.Equal((" Our policy", ChatFinishReason.Stop, 5L, Wire.Id), (response.Text, response.FinishReason, response.Usage!.InputTokenCount, response.ResponseId));
        JsonElement sent = _upstream.Requests[0].Json;
        Assert.Equal("""[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]""", sent.GetProperty("messages").GetRawText());
        Assert.Equal(("org/tiny", 0.5, 9, 40, 3, 0.1), (sent.GetProperty("model").GetString(), sent.GetProperty("temperature").GetDouble(), sent.GetProperty("max_tokens").GetInt32(), sent.GetProperty("top_k").GetInt32(), sent.GetProperty("seed").GetInt32(), sent.GetProperty("min_p").GetDouble()));
        Assert.Equal("weather", sent.GetProperty("tool_choice").GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("string", sent.GetProperty("tools")[0].GetProperty("function").GetProperty("parameters").GetProperty("properties").GetProperty("city").GetProperty("type").GetString());
    }

    [Fact]
    public async Task GetResponseAsync_CallsAndResults_GoThereAndBack()
    {
        _upstream.Answer(200, """{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]},"finish_reason":"tool_calls"}]}""");
        _upstream.Answer(200, Wire.Whole);
        IChatClient client = _upstream.Client().AsChatClient("org/tiny");
        List<ChatMessage> messages = [new(ChatRole.User, "Weather?")];
        ChatResponse asked = await client.GetResponseAsync(messages);
        FunctionCallContent call = Assert.IsType<FunctionCallContent>(Assert.Single(asked.Messages[0].Contents));
        Assert.Equal(("c1", "weather", "Oslo"), (call.CallId, call.Name, call.Arguments!["city"]!.ToString()));
        messages.AddRange(asked.Messages);
        messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", "sun")]));
        await client.GetResponseAsync(messages);
        Assert.Equal("""[{"role":"user","content":"Weather?"},{"role":"assistant","tool_calls":[{"id":"c1","function":{"arguments":"{\"city\":\"Oslo\"}","name":"weather"},"type":"function"}]},{"role":"tool","content":"sun","tool_call_id":"c1"}]""", _upstream.Requests[1].Json.GetProperty("messages").GetRawText());
    }

    [Fact]
    public async Task GetStreamingResponseAsync_TextAndUsage_AreUpdates()
    {
        _upstream.Stream(Wire.Says("a") + Wire.Says("b", "stop") + Wire.Event("""{"id":"x","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""") + Wire.Done);
        ChatResponse whole = await _upstream.Client().AsChatClient("org/tiny").GetStreamingResponseAsync([new(ChatRole.User, "Hi")]).ToChatResponseAsync();
        Assert.Equal(("ab", ChatFinishReason.Stop, 3L), (whole.Text, whole.FinishReason, whole.Usage!.TotalTokenCount));
    }

    [Fact]
    public async Task GetStreamingResponseAsync_CallsInFragments_AreToldWhole()
    {
        _upstream.Stream(
            Wire.Event("""{"id":"x","choices":[{"index":0,"delta":{"content":"","tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\""}}]}}]}""")
            + Wire.Event("""{"id":"x","choices":[{"index":0,"delta":{"content":"","tool_calls":[{"index":0,"function":{"arguments":":1}"}}]},"finish_reason":"tool_calls"}]}""") + Wire.Done);
        ChatResponse whole = await _upstream.Client().AsChatClient("org/tiny").GetStreamingResponseAsync([new(ChatRole.User, "Hi")]).ToChatResponseAsync();
        FunctionCallContent call = Assert.Single(whole.Messages[0].Contents.OfType<FunctionCallContent>());
        Assert.Equal(("c1", "f", "1"), (call.CallId, call.Name, call.Arguments!["a"]!.ToString()));
        Assert.Equal(ChatFinishReason.ToolCalls, whole.FinishReason);
    }

    [Fact]
    public async Task GetStreamingResponseAsync_CutStream_Throws()
    {
        _upstream.Stream(Wire.Says("a"));
        await Assert.ThrowsAsync<KonkoStreamException>(() => _upstream.Client().AsChatClient("org/tiny").GetStreamingResponseAsync([new(ChatRole.User, "Hi")]).ToChatResponseAsync());
    }

    [Fact]
    public async Task EmbeddingGenerator_Texts_AreVectors()
    {
        _upstream.Answer(200, """{"object":"list","data":[{"index":1,"embedding":[2]},{"index":0,"embedding":[1]}],"model":"m","usage":{"prompt_tokens":2,"total_tokens":2}}""");
        var generated = await _upstream.Client().AsEmbeddingGenerator("m").GenerateAsync(["a", "b"]);
        Assert.Equal([1f, 2f], generated.Select(embedding => embedding.Vector.Span[0]));
        Assert.Equal(2, generated.Usage!.InputTokenCount);
    }

    [Fact]
    public void GetService_Metadata_NamesServerAndModel()
    {
        IChatClient client = _upstream.Client().AsChatClient("org/tiny");
        var metadata = (ChatClientMetadata)client.GetService(typeof(ChatClientMetadata))!;
        Assert.Equal(("konko", "org/tiny", "http://upstream/v1/"), (metadata.ProviderName, metadata.DefaultModelId, metadata.ProviderUri!.AbsoluteUri));
        Assert.NotNull(client.GetService(typeof(KonkoClient)));
    }
}
