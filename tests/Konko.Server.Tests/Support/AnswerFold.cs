using System.Text.Json.Nodes;

namespace Konko.Server.Tests.Support;

/// <summary>Puts the chunks of a stream together as a client would, and by other code than the server's.</summary>
internal static class AnswerFold
{
    /// <summary>The whole answer that the events should add up to; without id, created and stats.</summary>
    public static JsonObject Whole(IReadOnlyList<string> events, bool chat, bool logprobs, bool includeUsage, bool roleOnce, bool hasTools = false)
    {
        var chunks = events.Select(e => JsonNode.Parse(e)!.AsObject()).ToList();
        Assert.Single(chunks.Select(c => (string)c["id"]!).Distinct());
        Assert.Single(chunks.Select(c => (long)c["created"]!).Distinct());
        AssertUsageStandsOnce(chunks, includeUsage);

        var choices = new SortedDictionary<int, JsonObject>();
        JsonNode? firstDetails = null;
        foreach (JsonObject chunk in chunks)
        {
            Assert.Equal(chat ? "chat.completion.chunk" : "text_completion", (string)chunk["object"]!);
            foreach (JsonNode? part in chunk["choices"]!.AsArray())
            {
                int index = (int)part!["index"]!;
                bool first = !choices.ContainsKey(index);
                if (first) choices[index] = NewChoice(index, chat, logprobs);
                JsonObject choice = choices[index];
                Assert.Null(choice["finish_reason"]);
                if (chat)
                {
                    Assert.Equal(first || !roleOnce, part["delta"]!.AsObject().ContainsKey("role"));
                    JsonNode message = choice["message"]!;
                    message["content"] = (string)message["content"]! + (string)part["delta"]!["content"]!;
                    if (part["delta"]!["reasoning_content"] is { } thought) message["reasoning_content"] = (string?)message["reasoning_content"] + (string)thought!;
                    FoldCalls(message.AsObject(), part["delta"]!.AsObject());
                }
                else
                {
                    choice["text"] = (string)choice["text"]! + (string)part["text"]!;
                }

                if (part["logprobs"] is { } more)
                {
                    foreach ((string key, JsonNode? list) in more.AsObject())
                    {
                        if (list is null) continue;
                        foreach (JsonNode? entry in list.AsArray()) choice["logprobs"]![key]!.AsArray().Add(entry?.DeepClone());
                    }
                }

                bool last = part["finish_reason"] is not null;
                choice["finish_reason"] = part["finish_reason"]?.DeepClone();
                Assert.Equal(last, chunk["generated_text"] is not null);
                Assert.Equal(last, chunk["stats"] is not null);
                if (!last) continue;
                string raw = (string)chunk["generated_text"]!;
                if (chat && !hasTools) AssertPartsOf(raw, choice["message"]!);
                else if (chat) EmptyContentIsNull(choice["message"]!.AsObject());
                else Assert.EndsWith(raw, (string)choice["text"]!, StringComparison.Ordinal);
                choice["details"] = chunk["details"]?.DeepClone();
                if (index == 0) firstDetails = chunk["details"]?.DeepClone();
            }
        }

        foreach (JsonObject choice in choices.Values)
            if (choices.Count == 1 || choice["details"] is null) choice.Remove("details");
        var whole = new JsonObject
        {
            ["object"] = chat ? "chat.completion" : "text_completion",
            ["model"] = chunks[0]["model"]!.DeepClone(),
            ["choices"] = new JsonArray([.. choices.Values]),
            ["system_fingerprint"] = chunks[0]["system_fingerprint"]?.DeepClone(),
            ["usage"] = chunks[^1]["usage"]!.DeepClone(),
        };
        if (firstDetails is not null) whole["details"] = firstDetails;
        return whole;
    }

    /// <summary>A whole answer without what may differ from run to run.</summary>
    public static JsonObject Comparable(string body)
    {
        JsonObject whole = JsonNode.Parse(body)!.AsObject();
        Assert.True(Guid.TryParseExact((string)whole["id"]!, "D", out _));
        whole.Remove("id");
        whole.Remove("created");
        whole.Remove("stats");
        foreach (JsonNode? choice in whole["choices"]!.AsArray()) choice!.AsObject().Remove("stats");
        return whole;
    }

    // The raw text is the answer, or a thought between its marks and then the answer.
    private static void AssertPartsOf(string raw, JsonNode message)
    {
        string content = (string)message["content"]!;
        Assert.EndsWith(content, raw, StringComparison.Ordinal);
        if (raw == content) return;
        Assert.StartsWith("<think>", raw.TrimStart(), StringComparison.Ordinal);
        Assert.DoesNotContain("</think>", (string?)message["reasoning_content"] ?? "", StringComparison.Ordinal);
        Assert.Equal(
            string.Concat(raw.Where(c => !char.IsWhiteSpace(c))),
            string.Concat(("<think>" + (string?)message["reasoning_content"] + (raw.Contains("</think>", StringComparison.Ordinal) ? "</think>" : "") + content).Where(c => !char.IsWhiteSpace(c))));
    }

    private static void FoldCalls(JsonObject message, JsonObject delta)
    {
        if (delta["function_call"] is { } function)
        {
            if (message["function_call"] is null)
            {
                Assert.Equal("", (string)function["arguments"]!);
                message["function_call"] = function.DeepClone();
            }
            else
            {
                Assert.False(function.AsObject().ContainsKey("name"));
                message["function_call"]!["arguments"] = (string)message["function_call"]!["arguments"]! + (string)function["arguments"]!;
            }
        }

        if (delta["tool_calls"] is not JsonArray parts) return;
        Assert.Equal(parts.Count, parts.Select(part => (int)part!["index"]!).Distinct().Count());
        JsonArray calls = message["tool_calls"] as JsonArray ?? [];
        foreach (JsonNode? part in parts)
        {
            int index = (int)part!["index"]!;
            if (index == calls.Count)
            {
                JsonObject first = part.DeepClone().AsObject();
                Assert.Equal(["index", "id", "type", "function"], first.Select(member => member.Key));
                Assert.Equal("", (string)first["function"]!["arguments"]!);
                first.Remove("index");
                calls.Add(first);
            }
            else
            {
                Assert.Equal(["index", "function"], part.AsObject().Select(member => member.Key));
                JsonNode call = calls[index]!["function"]!;
                call["arguments"] = (string)call["arguments"]! + (string)part["function"]!["arguments"]!;
            }
        }

        if (message["tool_calls"] is null) message["tool_calls"] = calls;
    }

    private static void EmptyContentIsNull(JsonObject message)
    {
        bool calls = message["tool_calls"] is not null || message["function_call"] is not null;
        if (calls && (string)message["content"]! == "") message["content"] = null;
    }

    private static JsonObject NewChoice(int index, bool chat, bool logprobs)
    {
        JsonObject? lists = !logprobs ? null
            : chat ? new JsonObject { ["content"] = new JsonArray(), ["refusal"] = null }
            : new JsonObject { ["text_offset"] = new JsonArray(), ["token_logprobs"] = new JsonArray(), ["tokens"] = new JsonArray(), ["top_logprobs"] = new JsonArray() };
        return chat
            ? new JsonObject
            {
                ["index"] = index,
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = "", ["function_call"] = null, ["tool_calls"] = null },
                ["finish_reason"] = null,
                ["logprobs"] = lists,
            }
            : new JsonObject { ["index"] = index, ["text"] = "", ["logprobs"] = lists, ["finish_reason"] = null };
    }

    private static void AssertUsageStandsOnce(List<JsonObject> chunks, bool includeUsage)
    {
        Assert.All(chunks.SkipLast(1), chunk => Assert.Null(chunk["usage"]));
        Assert.NotNull(chunks[^1]["usage"]);
        Assert.All(chunks.SkipLast(includeUsage ? 1 : 0), chunk => Assert.Single(chunk["choices"]!.AsArray()));
        if (!includeUsage) return;
        Assert.Empty(chunks[^1]["choices"]!.AsArray());
        foreach (string extra in (string[])["token", "generated_text", "details", "stats"]) Assert.Null(chunks[^1][extra]);
    }
}
