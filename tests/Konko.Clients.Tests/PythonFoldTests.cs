using System.Text;
using System.Text.Json.Nodes;

namespace Konko.Clients.Tests;

/// <summary>
/// What the helpers of the Python SDKs have at the end of a stream: they add up whatever deltas hold, strings by joining them, lists
/// by the index of their items, and know no field by its name but <c>index</c> and <c>type</c>.
/// </summary>
public sealed class PythonFoldTests(ClientServers servers) : IClassFixture<ClientServers>
{
    private const string Tools = """[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string","maxLength":20}},"required":["city"]}}},{"type":"function","function":{"name":"now"}}]""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Requests
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (string members in (string[])
                ["\"max_tokens\":24", "\"max_tokens\":16,\"n\":3", "\"max_tokens\":12,\"logprobs\":true,\"top_logprobs\":2", "\"max_tokens\":100,\"tool_choice\":\"required\",\"tools\":" + Tools,
                 "\"max_tokens\":200,\"tool_choice\":\"required\",\"parallel_tool_calls\":true,\"tools\":" + Tools, "\"max_tokens\":40,\"response_format\":{\"type\":\"json_object\"}"])
            {
                data.Add(members, true);
                data.Add(members, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Fold_EveryDelta_IsTheWholeAnswer(string members, bool helper)
    {
        string request = $$"""{"model":"{{ClientServers.ChatModel}}","messages":[{"role":"user","content":"What is the weather in Paris?"}],"seed":7,{{members}}""";
        JsonArray whole = JsonNode.Parse(await PostAsync(request + "}", helper: false))!["choices"]!.AsArray();
        JsonArray folded = Fold(await PostAsync(request + ",\"stream\":true}", helper));

        Assert.Equal(whole.Count, folded.Count);
        for (int i = 0; i < whole.Count; i++)
        {
            JsonNode message = whole[i]!["message"]!, sum = folded[i]!["message"]!;
            string role = (string)sum["role"]!;
            // Without the helper's header the role stands in every delta, which hand-driven clients do not add up, or may send back as it is.
            if (helper) Assert.Equal("assistant", role);
            else Assert.Equal("", role.Replace("assistant", "", StringComparison.Ordinal));
            Assert.Equal((string?)message["content"] ?? "", (string)sum["content"]!);
            Assert.Equal((string)whole[i]!["finish_reason"]!, (string)folded[i]!["finish_reason"]!);
            Assert.Equal(Calls(message), Calls(sum));
            Assert.Equal(whole[i]!["logprobs"]?.ToJsonString(), folded[i]!["logprobs"]?.ToJsonString());
        }

        // What was added up is a message that can be sent back.
        JsonNode next = JsonNode.Parse(request + "}")!;
        next["messages"]!.AsArray().Add(folded[0]!["message"]!.DeepClone());
        if (folded[0]!["message"]!["tool_calls"] is JsonArray calls)
        {
            foreach (JsonNode? call in calls) next["messages"]!.AsArray().Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = (string)call!["id"]!, ["content"] = "12 degrees" });
        }

        next["messages"]!.AsArray().Add(new JsonObject { ["role"] = "user", ["content"] = "Go on." });
        await PostAsync(next.ToJsonString(), helper: false);
    }

    private static string Calls(JsonNode message)
    {
        var calls = new StringBuilder();
        foreach (JsonNode? call in message["tool_calls"] as JsonArray ?? []) calls.AppendLine($"{call!["id"]} {call["type"]} {call["function"]!["name"]} {call["function"]!["arguments"]}");
        return calls.ToString();
    }

    /// <summary>As openai-python does it: the first chunk's choices are taken as they are, with the delta for a message; all others are added up.</summary>
    private static JsonArray Fold(string body)
    {
        string[] events = [.. body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(e => e["data: ".Length..])];
        Assert.Equal("[DONE]", events[^1]);
        var choices = new SortedDictionary<int, JsonObject>();
        bool isFirst = true;
        foreach (JsonNode? part in events[..^1].SelectMany(e => JsonNode.Parse(e)!["choices"]!.AsArray()))
        {
            int index = (int)part!["index"]!;
            JsonObject delta = part["delta"]!.AsObject();
            bool isNew = !choices.TryGetValue(index, out JsonObject? choice);
            if (isNew)
            {
                choices[index] = choice = part.DeepClone().AsObject();
                choice.Remove("delta");
                choice["message"] = delta.DeepClone();
                if (!isFirst) choice["logprobs"] = null;
            }
            else
            {
                Add(choice!["message"]!.AsObject(), delta);
                if (part["finish_reason"] is { } reason) choice["finish_reason"] = reason.DeepClone();
            }

            if (part["logprobs"]?["content"] is JsonArray scores && !(isNew && isFirst))
            {
                if (choice["logprobs"] is null) choice["logprobs"] = part["logprobs"]!.DeepClone();
                else foreach (JsonNode? score in scores) choice["logprobs"]!["content"]!.AsArray().Add(score!.DeepClone());
            }

            isFirst = false;
        }

        return [.. choices.Values];
    }

    private static void Add(JsonObject sum, JsonObject delta)
    {
        foreach ((string key, JsonNode? value) in delta.ToList())
        {
            if (sum[key] is not { } known || key is "index" or "type")
            {
                if (value is not null || !sum.ContainsKey(key)) sum[key] = value?.DeepClone();
                continue;
            }

            switch (value)
            {
                case JsonObject more:
                    Add(known.AsObject(), more);
                    break;
                case JsonArray more:
                    foreach (JsonObject item in more.Select(item => item!.AsObject()))
                    {
                        int index = (int)item["index"]!;
                        if (index < known.AsArray().Count) Add(known[index]!.AsObject(), item);
                        else known.AsArray().Add(item.DeepClone());
                    }

                    break;
                case JsonValue text:
                    sum[key] = (string)known! + (string)text!;
                    break;
            }
        }
    }

    private async Task<string> PostAsync(string body, bool helper)
    {
        using var client = new HttpClient { BaseAddress = servers.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (helper) request.Headers.Add("X-Stainless-Helper-Method", "chat.completions.stream");
        using HttpResponseMessage response = await client.SendAsync(request, Token);
        string answer = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, answer);
        return answer;
    }
}
