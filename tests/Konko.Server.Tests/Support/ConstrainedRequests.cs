using System.Text.Json.Nodes;

namespace Konko.Server.Tests.Support;

/// <summary>Random requests to any of the answering endpoints, with tools and with constraints of their text.</summary>
internal static class ConstrainedRequests
{
    public const string Chat = "/v1/chat/completions";
    public const string Text = "/v1/completions";
    public const string Responses = "/v1/responses";

    private const string Schema = """{"type":"object","properties":{"city":{"type":"string","maxLength":6},"n":{"type":"integer","minimum":1,"maximum":99},"kind":{"enum":["a","b"]}},"required":["city","n"],"additionalProperties":false}""";

    /// <summary>A request with parameters, tools and constraints drawn from what there is.</summary>
    public static JsonObject Next(Random random, string path)
    {
        JsonObject body = RandomRequests.Next(random, chat: path != Text);
        if (path == Responses) BecomeResponse(body, random);
        return Constrain(random, path, body);
    }

    /// <summary>Adds tools and constraints to a request.</summary>
    public static JsonObject Constrain(Random random, string path, JsonObject body)
    {
        bool hasTools = path != Text && random.Next(2) == 0;
        bool older = false;
        if (hasTools)
        {
            older = path == Chat && random.Next(4) == 0;
            JsonNode[] tools = [.. ToolAnswers.Tools.Select(name => Tool(name, random.Next(2) == 0, flat: older || path == Responses, typed: !older))];
            body[older ? "functions" : "tools"] = new JsonArray(tools);
            body[older ? "function_call" : "tool_choice"] = random.Next(older ? 3 : 5) switch
            {
                0 => "auto",
                1 => "none",
                2 => older ? new JsonObject { ["name"] = "add" } : Named(path),
                3 => "required",
                _ => null,
            };
            if (random.Next(3) == 0) body["parallel_tool_calls"] = random.Next(2) == 0;
        }

        if (random.Next(3) > 0) return body;
        string format = path == Responses ? "text" : "response_format";
        switch (random.Next(hasTools ? 3 : 6))
        {
            case 0:
                body[format] = path == Responses ? new JsonObject { ["format"] = new JsonObject { ["type"] = "json_object" } } : new JsonObject { ["type"] = "json_object" };
                break;
            case 1:
                body[format] = Format(path);
                break;
            case 2:
                body["guided_json"] = random.Next(2) == 0 ? Schema : JsonNode.Parse(Schema);
                break;
            case 3:
                body["guided_regex"] = "[a-c]{2,5}( [0-9]+)?";
                break;
            case 4:
                body["guided_choice"] = new JsonArray("yes", "no", "日本");
                break;
            default:
                body["guided_grammar"] = "root ::= (\"a\" | \"b\")+ \"!\"";
                break;
        }

        return body;
    }

    /// <summary>Makes a response's request of a chat's.</summary>
    public static void BecomeResponse(JsonObject body, Random random)
    {
        var input = new JsonArray();
        foreach (JsonNode? message in body["messages"]!.AsArray())
        {
            string role = (string)message!["role"]! is "tool" or "assistantassistant" ? "assistant" : (string)message["role"]!;
            JsonNode? content = message["content"]!.DeepClone();
            foreach (JsonNode? part in content as JsonArray ?? []) part!["type"] = role == "assistant" ? "output_text" : "input_text";
            input.Add(new JsonObject { ["role"] = role, ["content"] = content });
            if (random.Next(3) > 0) continue;
            input.Add(new JsonObject { ["type"] = "function_call", ["call_id"] = "c", ["name"] = "add", ["arguments"] = "{}" });
            input.Add(new JsonObject { ["type"] = "function_call_output", ["call_id"] = "c", ["output"] = "1" });
        }

        body.Remove("messages");
        body["input"] = input;
        if (body["max_tokens"] is { } most) body["max_output_tokens"] = most.DeepClone();
        bool logProbs = body["logprobs"] is not null;
        foreach (string name in (string[])["max_tokens", "logprobs", "top_logprobs", "n"]) body.Remove(name);
        if (logProbs) body["top_logprobs"] = random.Next(1, 21);
    }

    private static JsonObject Tool(string name, bool strict, bool flat, bool typed)
    {
        var function = new JsonObject { ["name"] = name, ["strict"] = strict, ["parameters"] = JsonNode.Parse(Schema) };
        if (!flat) return new JsonObject { ["type"] = "function", ["function"] = function };
        if (typed) function["type"] = "function";
        return function;
    }

    private static JsonObject Named(string path)
        => path == Responses ? new JsonObject { ["type"] = "function", ["name"] = "add" } : new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = "add" } };

    private static JsonObject Format(string path)
    {
        var named = new JsonObject { ["name"] = "n", ["schema"] = JsonNode.Parse(Schema) };
        if (path != Responses) return new JsonObject { ["type"] = "json_schema", ["json_schema"] = named };
        named["type"] = "json_schema";
        return new JsonObject { ["format"] = named };
    }
}
