using System.Text;
using System.Text.Json;
using Konko.Protocol;
using Konko.Server.Generation.Tools;

namespace Konko.Server.Providers.Local;

/// <summary>
/// Tools for a model whose template knows none: definitions, calls and results as JSON in messages that every template takes.
/// </summary>
/// <remarks>All of it is the text of messages, so no control token comes of it, whatever a definition or a result spells.</remarks>
internal static class GenericTools
{
    private static readonly JsonWriterOptions s_json = new() { Encoder = WireEncoder.Instance };

    /// <summary>The conversation with calls as the assistant's text, and results as the user's.</summary>
    /// <param name="messages">The messages.</param>
    public static List<ChatMessage> Conversation(IReadOnlyList<ChatMessage> messages)
    {
        var result = new List<ChatMessage>(messages.Count);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        bool joins = false;
        foreach (ChatMessage message in messages)
        {
            if (message.Role == "tool")
            {
                string text = Result(message, names);
                // Templates want turns that alternate, so that results of parallel calls are one turn.
                if (joins) result[^1] = result[^1] with { Content = Text(result[^1].Content!.Parts[0] + "\n" + text) };
                else result.Add(new ChatMessage("user", Text(text)));
            }
            else
            {
                result.Add(message.ToolCalls is { } calls ? message with { Content = Text(Calls(message, calls, names)), ToolCalls = null } : message);
            }

            joins = message.Role == "tool";
        }

        return result;
    }

    /// <summary>The conversation with the tools in its system message.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="tools">The tools.</param>
    /// <param name="hasSystemRole">Whether the template takes a system message; else the first message tells of the tools.</param>
    public static List<ChatMessage> Announce(IEnumerable<ChatMessage> messages, ToolOptions tools, bool hasSystemRole)
    {
        List<ChatMessage> result = [.. messages];
        string text = Announcement(tools);
        bool joins = result.Count > 0 && (!hasSystemRole || result[0].Role is "system" or "developer");
        if (!joins)
        {
            result.Insert(0, new ChatMessage("system", Text(text)));
            return result;
        }

        string[] own = [.. result[0].Content?.Parts ?? []];
        result[0] = result[0] with { Content = Text(string.Join("\n\n", hasSystemRole ? [.. own, text] : [text, .. own])) };
        return result;
    }

    private static string Announcement(ToolOptions tools)
    {
        var text = new StringBuilder("You can call these functions:\n");
        foreach (ToolDefinition tool in tools.Tools) text.Append(Compact(tool.Definition.GetProperty("function"))).Append('\n');
        text.Append("\nTo call a function, answer with nothing but JSON of this form:\n");
        text.Append("{\"name\": \"the function's name\", \"arguments\": {\"the argument's name\": \"its value\"}}\n");
        if (!tools.OneCall) text.Append("To call several, answer with a list of such objects.\n");
        text.Append("The results come in the next message, as JSON.\n");
        text.Append(tools.Choice == ToolChoice.Required ? "Call a function now." : "If no function is needed, answer in plain text.");
        return text.ToString();
    }

    private static string Calls(ChatMessage message, JsonElement calls, Dictionary<string, string> names)
    {
        var texts = new List<string>();
        foreach (JsonElement call in calls.EnumerateArray())
        {
            JsonElement function = call.GetProperty("function");
            string name = function.GetProperty("name").GetString()!;
            if (call.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String) names[id.GetString()!] = name;
            texts.Add($"{{\"name\": {Quote(name)}, \"arguments\": {Arguments(function)}}}");
        }

        string json = texts.Count == 1 ? texts[0] : $"[{string.Join(", ", texts)}]";
        string said = string.Join('\n', message.Content?.Parts ?? []);
        return said.Length == 0 ? json : said + "\n" + json;
    }

    private static string Arguments(JsonElement function)
    {
        if (!function.TryGetProperty("arguments", out JsonElement arguments)) return "{}";
        if (arguments.ValueKind != JsonValueKind.String) return arguments.ValueKind == JsonValueKind.Null ? "{}" : Compact(arguments);
        string text = arguments.GetString()!;
        return string.IsNullOrWhiteSpace(text) ? "{}" : text;
    }

    private static string Result(ChatMessage message, Dictionary<string, string> names)
    {
        string? name = message.Name ?? (message.ToolCallId is { } id ? names.GetValueOrDefault(id) : null);
        string result = Quote(string.Join('\n', message.Content?.Parts ?? []));
        return name is null ? $"{{\"result\": {result}}}" : $"{{\"name\": {Quote(name)}, \"result\": {result}}}";
    }

    private static MessageContent Text(string text) => new([text], IsList: false);

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, WireEncoder.Instance)}\"";

    private static string Compact(JsonElement element)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_json)) element.WriteTo(json);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
