using System.Globalization;
using System.Text.Json;
using Konko.Server.Api.Validation;
using Konko.Server.Providers;

namespace Konko.Server.Api.ChatCompletions;

/// <summary>Puts the older form of calls and results in a conversation into the newer one, the only one that templates know.</summary>
internal static class OlderCalls
{
    /// <summary>The older role of results.</summary>
    public const string Role = "function";

    /// <summary>The list of calls that an assistant's <c>function_call</c> means, or null.</summary>
    /// <param name="message">The message.</param>
    /// <param name="index">Its place.</param>
    public static JsonElement? Call(Parameters message, int index)
    {
        if (message.Object("function_call") is not { } call) return null;
        string? name = call.Text("name");
        if (string.IsNullOrEmpty(name)) call.Fail("name", "must be the name of a function.");
        // Nine letters and digits, which every template takes.
        return List(string.Create(CultureInfo.InvariantCulture, $"call{index:D5}"), name ?? "", call.Text("arguments") ?? "{}");
    }

    /// <summary>A result in the newer form: it names the latest call.</summary>
    /// <param name="message">The message, perhaps a result in the older form.</param>
    /// <param name="before">What stands before it.</param>
    public static ChatMessage Result(ChatMessage message, List<ChatMessage> before)
    {
        if (message.Role != Role) return message;
        JsonElement? calls = before.FindLast(earlier => earlier.ToolCalls is not null)?.ToolCalls;
        string? id = calls?[0].TryGetProperty("id", out JsonElement value) == true ? value.GetString() : null;
        return message with { Role = "tool", ToolCallId = message.ToolCallId ?? id };
    }

    private static JsonElement List(string id, string name, string arguments)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("type", Role);
            json.WriteStartObject(Role);
            json.WriteString("name", name);
            json.WriteString("arguments", arguments);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
        }

        using JsonDocument document = JsonDocument.Parse(stream.GetBuffer().AsMemory(0, (int)stream.Length));
        return document.RootElement.Clone();
    }
}
