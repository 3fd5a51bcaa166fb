using System.Text.Json.Nodes;

namespace Konko.Server.Tests.Support;

/// <summary>Puts the events of a streamed response together as a client would that looks at nothing but deltas.</summary>
internal static class ResponseFold
{
    /// <summary>Checks that the events of a stream add up to the whole answer.</summary>
    /// <param name="events">The data of each event, without <c>[DONE]</c>.</param>
    /// <param name="body">The whole answer.</param>
    public static void AssertWhole(IReadOnlyList<JsonObject> events, string body)
    {
        JsonObject whole = JsonNode.Parse(body)!.AsObject();
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => (int)e["sequence_number"]!));
        JsonObject last = events[^1]["response"]!.AsObject();
        Assert.Equal((string)whole["status"]! == "completed" ? "response.completed" : "response.incomplete", (string)events[^1]["type"]!);
        Assert.Equal(Comparable(whole), Comparable(last));
        Assert.Equal(Items(whole), Folded(events));
    }

    private static string Comparable(JsonObject response)
    {
        string id = (string)response["id"]!;
        JsonObject copy = JsonNode.Parse(response.ToJsonString().Replace(id, "{id}", StringComparison.Ordinal))!.AsObject();
        copy.Remove("created_at");
        return copy.ToJsonString();
    }

    private static string[] Items(JsonObject whole) => [.. whole["output"]!.AsArray().Select(item =>
    {
        if ((string)item!["type"]! == "function_call") return $"function_call: {item["name"]} {item["call_id"]} {item["arguments"]}";
        JsonNode part = item["content"]!.AsArray().Single()!;
        return $"{item["type"]}: {part["text"]}{part["logprobs"]?.ToJsonString()}";
    })];

    private static string[] Folded(IReadOnlyList<JsonObject> events)
    {
        var texts = new SortedDictionary<int, string>();
        var scores = new Dictionary<int, JsonArray>();
        foreach (JsonObject e in events)
        {
            string type = (string)e["type"]!;
            if (type == "response.output_item.added")
            {
                JsonNode item = e["item"]!;
                bool isCall = (string)item["type"]! == "function_call";
                texts.Add((int)e["output_index"]!, isCall ? $"function_call: {item["name"]} {item["call_id"]} " : $"{item["type"]}: ");
                if ((string)item["type"]! == "message") scores[(int)e["output_index"]!] = [];
            }

            if (type.EndsWith(".delta", StringComparison.Ordinal)) texts[(int)e["output_index"]!] += (string)e["delta"]!;
            // The scores of what was held back to the end come with the last words.
            if (type == "response.output_text.done") scores[(int)e["output_index"]!] = e["logprobs"]!.DeepClone().AsArray();
        }

        foreach ((int index, JsonArray list) in scores) texts[index] += list.ToJsonString();
        return [.. texts.Values];
    }
}
