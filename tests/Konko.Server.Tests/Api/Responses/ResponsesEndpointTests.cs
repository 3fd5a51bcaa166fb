using System.Text.Json.Nodes;
using Konko.Server.Providers;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Api.Responses;

public sealed class ResponsesEndpointTests
{
    private const string Path = "/v1/responses";

    [Fact]
    public async Task Post_RandomAnswers_StreamAddsUpToTheWhole()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ScriptedProvider(Script.Drawn));
        for (int seed = 0; seed < GateScale.Of(200, 2000); seed++)
        {
            string body = $$"""{"model":"{{ApiHost.Model}}","input":"x","seed":{{seed}},"stop":["STOP"],"max_output_tokens":{{1 + seed % 30}}""";
            string whole = await ReadAsync(host, body + "}");
            string[] blocks = (await ReadAsync(host, body + ",\"stream\":true}")).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

            Assert.Equal("data: [DONE]", blocks[^1]);
            ResponseFold.AssertWhole([.. blocks[..^1].Select(Event)], whole);
        }
    }

    [Fact]
    public async Task Post_Items_BecomeMessages()
    {
        var provider = new ScriptedProvider(Script.Drawn);
        await using ApiHost host = await ApiHost.StartAsync(provider);

        await ReadAsync(host, $$"""
            {"model":"{{ApiHost.Model}}","instructions":"Be kind.","reasoning":{"effort":"high","summary":null},"store":false,"tools":[],"max_output_tokens":9,"include":["reasoning.encrypted_content"],"temperature":0,"top_p":0.5,
             "input":[{"type":"message","role":"developer","content":"d"},{"role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_text","text":"b"}]},
              {"type":"reasoning","id":"rs_1","summary":[],"content":[{"type":"reasoning_text","text":"hm"}]},
              {"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"c","annotations":[]}]},{"role":"user","content":"e"}]}
            """);

        ProviderRequest request = provider.Last!;
        var prompt = Assert.IsType<ChatPrompt>(request.Prompt);
        Assert.Equal(["system:Be kind.", "developer:d", "user:a|b", "assistant:c", "user:e"], prompt.Messages.Select(m => $"{m.Role}:{string.Join('|', m.Content!.Parts)}"));
        Assert.Equal([null, null, null, "hm", null], prompt.Messages.Select(m => m.ReasoningContent));
        Assert.Equal("high", prompt.TemplateVariables!["reasoning_effort"].GetString());
        Assert.Equal((9, 1, 0f, 0.5f), (request.MaxTokens, request.Choices, request.Sampling.Temperature, request.Sampling.TopP));
    }

    [Fact]
    public async Task Post_CallsAndResults_BecomeMessages()
    {
        var provider = new ScriptedProvider(Script.Drawn);
        await using ApiHost host = await ApiHost.StartAsync(provider);

        await ReadAsync(host, """
            {"model":"test/model","chat_template_kwargs":{"enable_thinking":false},"parallel_tool_calls":false,
             "tools":[{"type":"function","name":"add","description":"Adds.","parameters":{"type":"object","properties":{"a":{"type":"number"}}}},{"type":"function","name":"now"}],
             "input":[{"role":"user","content":"e"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"c"}]},
              {"type":"function_call","id":"fc_1","call_id":"c1","name":"add","arguments":"{\"a\":1}","status":"completed"},{"type":"function_call","call_id":"c2","name":"now","arguments":"{}"},
              {"type":"function_call_output","call_id":"c1","output":"2"},{"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"noon"}]},
              {"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"hm"}]},{"type":"function_call","call_id":"c3","name":"now","arguments":"{}"}]}
            """);

        var prompt = Assert.IsType<ChatPrompt>(provider.Last!.Prompt);
        Assert.Equal(["user:e:", "assistant:c:", "tool:2:c1", "tool:noon:c2", "assistant::"], prompt.Messages.Select(m => $"{m.Role}:{string.Join('|', m.Content?.Parts ?? [])}:{m.ToolCallId}"));
        Assert.Equal(
            """[{"id":"c1","type":"function","function":{"name":"add","arguments":"{\u0022a\u0022:1}"}},{"id":"c2","type":"function","function":{"name":"now","arguments":"{}"}}]""",
            prompt.Messages[1].ToolCalls!.Value.GetRawText());
        Assert.Equal("hm", prompt.Messages[4].ReasoningContent);
        Assert.Equal(
            ["""{"type":"function","function":{"name":"add","description":"Adds.","parameters":{"type":"object","properties":{"a":{"type":"number"}}}}}""", """{"type":"function","function":{"name":"now"}}"""],
            prompt.Tools!.Tools.Select(tool => tool.Definition.GetRawText()));
        Assert.False(prompt.Tools.Parallel);
        Assert.Equal("false", prompt.TemplateVariables!["enable_thinking"].GetRawText());
    }

    [Theory]
    [InlineData("\"input\":null", "input")]
    [InlineData("\"input\":[]", "input")]
    [InlineData("\"input\":5", "input")]
    [InlineData("\"input\":[5]", "input[0]")]
    [InlineData("\"input\":[{\"role\":\"nobody\",\"content\":\"x\"}]", "input[0].role")]
    [InlineData("\"input\":[{\"role\":\"user\"}]", "input[0].content")]
    [InlineData("\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\"}]}]", "input[0].content[0].type")]
    [InlineData("\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\"}]}]", "input[0].content[0].text")]
    [InlineData("\"input\":[{\"type\":\"item_reference\",\"id\":\"x\"}]", "input[0].type")]
    [InlineData("\"input\":\"x\",\"store\":true", "store")]
    [InlineData("\"input\":\"x\",\"background\":true", "background")]
    [InlineData("\"input\":\"x\",\"previous_response_id\":\"resp_1\"", "previous_response_id")]
    [InlineData("\"input\":\"x\",\"conversation\":\"c\"", "conversation")]
    [InlineData("\"input\":\"x\",\"prompt\":{\"id\":\"p\"}", "prompt")]
    [InlineData("\"input\":\"x\",\"instructions\":5", "instructions")]
    [InlineData("\"input\":\"x\",\"truncation\":\"auto\"", "truncation")]
    [InlineData("\"input\":\"x\",\"tools\":[{\"type\":\"web_search\"}]", "tools[0].type")]
    [InlineData("\"input\":\"x\",\"tools\":[{\"type\":\"function\"}]", "tools[0].name")]
    [InlineData("\"input\":\"x\",\"tools\":[{\"type\":\"function\",\"name\":\"f\"},{\"type\":\"function\",\"name\":\"f\"}]", "tools[1].name")]
    [InlineData("\"input\":\"x\",\"tools\":[{\"type\":\"function\",\"name\":\"f\"}],\"tool_choice\":{\"type\":\"function\",\"name\":\"g\"}", "tool_choice.name")]
    [InlineData("\"input\":\"x\",\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"properties\":{\"a\":{\"type\":\"array\",\"uniqueItems\":true}}}}],\"tool_choice\":\"required\"", "tools[0].parameters")]
    [InlineData("\"input\":\"x\",\"tool_choice\":\"required\"", "tool_choice")]
    [InlineData("\"input\":\"x\",\"max_tokens\":5", "max_tokens")]
    [InlineData("\"input\":\"x\",\"max_completion_tokens\":5", "max_completion_tokens")]
    [InlineData("\"input\":\"x\",\"functions\":[{\"name\":\"f\"}]", "functions")]
    [InlineData("\"input\":\"x\",\"top_logprobs\":21", "top_logprobs")]
    [InlineData("\"input\":\"x\",\"response_format\":{\"type\":\"json_object\"}", "response_format")]
    [InlineData("\"input\":\"x\",\"text\":{\"format\":{\"type\":\"json_schema\"}}", "text.format.schema")]
    [InlineData("\"input\":\"x\",\"text\":{\"format\":{\"type\":\"json_schema\",\"schema\":{\"uniqueItems\":true,\"type\":\"array\"}}}", "text.format.schema")]
    [InlineData("\"input\":\"x\",\"text\":{\"format\":{\"type\":\"yaml\"}}", "text.format.type")]
    [InlineData("\"input\":[{\"type\":\"function_call\",\"call_id\":\"c\",\"arguments\":\"{}\"}]", "input[0].name")]
    [InlineData("\"input\":[{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\"}]", "input[0].arguments")]
    [InlineData("\"input\":[{\"type\":\"function_call\",\"arguments\":\"{}\",\"name\":\"f\"}]", "input[0].call_id")]
    [InlineData("\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"c\"}]", "input[0].output")]
    [InlineData("\"input\":[{\"type\":\"function_call_output\",\"output\":\"x\"}]", "input[0].call_id")]
    [InlineData("\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":[{\"type\":\"input_image\"}]}]", "input[0].output[0].type")]
    [InlineData("\"input\":\"x\",\"reasoning\":{\"effort\":5}", "reasoning.effort")]
    [InlineData("\"input\":\"x\",\"max_output_tokens\":-1", "max_output_tokens")]
    [InlineData("\"input\":\"x\",\"temperature\":3", "temperature")]
    [InlineData("\"input\":\"x\",\"top_p\":0", "top_p")]
    [InlineData("\"input\":\"x\",\"metadata\":[]", "metadata")]
    [InlineData("\"input\":\"x\",\"user\":[]", "user")]
    public async Task Post_WhatCannotBe_Is400NamingIt(string members, string param)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ScriptedProvider(Script.Drawn));
        using HttpResponseMessage response = await host.PostAsync(Path, $$"""{"model":"{{ApiHost.Model}}",{{members}}}""");

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(param, (string)JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["error"]!["param"]!);
    }

    private static async Task<string> ReadAsync(ApiHost host, string body)
    {
        using HttpResponseMessage response = await host.PostAsync(Path, body);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return text;
    }

    private static JsonObject Event(string block)
    {
        string[] lines = block.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("data: ", lines[1], StringComparison.Ordinal);
        JsonObject data = JsonNode.Parse(lines[1]["data: ".Length..])!.AsObject();
        Assert.Equal("event: " + (string)data["type"]!, lines[0]);
        return data;
    }
}
