using System.Text.Json;
using Konko.Server.Api.Validation;
using Konko.Server.Providers;

namespace Konko.Server.Api.ChatCompletions;

/// <summary>Parses the messages of a chat.</summary>
internal static class MessageParser
{
    private const string Assistant = "assistant";

    /// <summary>Most messages of a conversation; templates go through them again and again.</summary>
    public const int MaxMessages = 4096;

    private static readonly string[] Roles = ["system", "developer", "user", Assistant, "tool", OlderCalls.Role];

    /// <summary>Parses the list <c>messages</c>.</summary>
    /// <param name="parameters">The request's parameters.</param>
    public static List<ChatMessage> Parse(Parameters parameters)
    {
        var messages = new List<ChatMessage>();
        if (parameters.List("messages") is { } list)
        {
            if (list.GetArrayLength() > MaxMessages) parameters.Fail("messages", $"must not hold more than {MaxMessages} messages.");
            foreach (JsonElement element in list.EnumerateArray())
            {
                if (parameters.Failed || parameters.Element("messages", messages.Count, element) is not { } fields) break;
                messages.Add(Message(fields, messages));
                if (parameters.Failed) break;
            }
        }

        if (messages.Count == 0) parameters.Fail("messages", "must be a list of at least one message.");
        return messages;
    }

    private static ChatMessage Message(Parameters fields, List<ChatMessage> before)
    {
        string role = Role(fields);
        JsonElement? calls = fields.List("tool_calls") is { } list && list.GetArrayLength() > 0 ? list.Clone() : null;
        if (calls is not null && role != Assistant) fields.Fail("tool_calls", "belongs into messages of the assistant.");
        else if (calls is not null) CheckCalls(fields, calls.Value);
        else calls = role == Assistant ? OlderCalls.Call(fields, before.Count) : null;
        var message = new ChatMessage(role, Content(fields, mayBeNull: calls is not null))
        {
            Name = fields.Text("name"),
            ToolCalls = calls,
            ToolCallId = fields.Text("tool_call_id"),
            ReasoningContent = fields.Text("reasoning_content"),
        };
        return fields.Failed ? message : OlderCalls.Result(message, before);
    }

    private static void CheckCalls(Parameters fields, JsonElement calls)
    {
        int index = 0;
        foreach (JsonElement element in calls.EnumerateArray())
        {
            if (fields.Element("tool_calls", index++, element) is not { } call) return;
            _ = call.Text("id");
            if (call.Text("type") is not (null or "function")) call.Fail("type", "must be \"function\".");
            if (call.Object("function") is not { } function) call.Fail("function", "must be an object.");
            else if (string.IsNullOrEmpty(function.Text("name"))) function.Fail("name", "must be the name of a function.");
            else if (function.Value("arguments") is { ValueKind: not (JsonValueKind.String or JsonValueKind.Object) }) function.Fail("arguments", "must be JSON in a string.");
        }
    }

    private static string Role(Parameters fields)
    {
        string role = fields.Text("role") ?? "";
        // Clients that join the deltas of a stream by hand join the roles too.
        if (role.Length > 0 && role.Length % Assistant.Length == 0 && role.Replace(Assistant, "", StringComparison.Ordinal).Length == 0) return Assistant;
        if (!Roles.Contains(role)) fields.Fail("role", $"must be one of {string.Join(", ", Roles)}.");
        return role;
    }

    private static MessageContent? Content(Parameters fields, bool mayBeNull)
    {
        switch (fields.Value("content"))
        {
            case null:
                if (!mayBeNull) fields.Fail("content", "must be a string or a list of text parts.");
                return null;
            case { ValueKind: JsonValueKind.String } text:
                return new MessageContent([text.GetString()!], IsList: false);
            case { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 0:
                return new MessageContent(Parts(fields, list), IsList: true);
            default:
                fields.Fail("content", "must be a string or a list of text parts.");
                return null;
        }
    }

    private static List<string> Parts(Parameters fields, JsonElement list)
    {
        var parts = new List<string>();
        foreach (JsonElement element in list.EnumerateArray())
        {
            if (fields.Element("content", parts.Count, element) is not { } part) break;
            if (part.Text("type") != "text") part.Fail("type", "must be \"text\": this server reads text only.");
            string? text = part.Text("text");
            if (text is null) part.Fail("text", "must be a string.");
            parts.Add(text ?? "");
            if (fields.Failed) break;
        }

        return parts;
    }
}
