using System.Text.Json;
using Konko.Server.Api.ChatCompletions;
using Konko.Server.Api.Validation;
using Konko.Server.Providers;

namespace Konko.Server.Api.Responses;

/// <summary>Parses <c>input</c>: a string, or a list of messages and of what earlier responses put out.</summary>
internal static class InputParser
{
    private static readonly string[] s_roles = ["system", "developer", "user", "assistant"];

    /// <summary>Parses the input.</summary>
    /// <param name="parameters">The request's parameters.</param>
    public static List<ChatMessage> Parse(Parameters parameters)
    {
        var messages = new List<ChatMessage>();
        switch (parameters.Value("input"))
        {
            case { ValueKind: JsonValueKind.String } text:
                messages.Add(new ChatMessage("user", new MessageContent([text.GetString()!], IsList: false)));
                break;
            case { ValueKind: JsonValueKind.Array } list:
                Items(parameters, list, messages);
                break;
        }

        if (messages.Count == 0) parameters.Fail("input", "must be a string or a list of at least one message.");
        return messages;
    }

    private static void Items(Parameters parameters, JsonElement list, List<ChatMessage> messages)
    {
        if (list.GetArrayLength() > MessageParser.MaxMessages) parameters.Fail("input", $"must not hold more than {MessageParser.MaxMessages} items.");
        if (parameters.Failed) return;
        string? thought = null;
        int index = 0;
        var calls = new CallItems();
        foreach (JsonElement element in list.EnumerateArray())
        {
            if (parameters.Element("input", index++, element) is not { } fields) return;
            string? type = fields.Text("type");
            if (type != "function_call") calls.Flush(messages);
            switch (type)
            {
                case null or "message":
                    ChatMessage message = Message(fields);
                    messages.Add(message.Role == "assistant" ? message with { ReasoningContent = thought } : message);
                    thought = null;
                    break;
                case "reasoning":
                    // It stands before the message that came of it; templates that show thoughts find it there.
                    thought = Thought(fields) ?? thought;
                    break;
                case "function_call":
                    calls.Add(fields, thought);
                    thought = null;
                    break;
                case "function_call_output":
                    messages.Add(new ChatMessage("tool", Output(fields)) { ToolCallId = CallItems.Id(fields) });
                    break;
                default:
                    fields.Fail("type", "must be \"message\", \"reasoning\", \"function_call\" or \"function_call_output\"; others are not supported by this server.");
                    break;
            }

            if (parameters.Failed) return;
        }

        calls.Flush(messages);
    }

    private static MessageContent? Output(Parameters fields)
    {
        switch (fields.Value("output"))
        {
            case { ValueKind: JsonValueKind.String } text:
                return new MessageContent([text.GetString()!], IsList: false);
            case { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 0:
                return new MessageContent(Parts(fields, "output", list, "input_text", "output_text", "text"), IsList: true);
            default:
                fields.Fail("output", "must be a string or a list of text parts.");
                return null;
        }
    }

    private static ChatMessage Message(Parameters fields)
    {
        string role = fields.Text("role") ?? "";
        if (!s_roles.Contains(role)) fields.Fail("role", $"must be one of {string.Join(", ", s_roles)}.");
        switch (fields.Value("content"))
        {
            case { ValueKind: JsonValueKind.String } text:
                return new ChatMessage(role, new MessageContent([text.GetString()!], IsList: false));
            case { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 0:
                return new ChatMessage(role, new MessageContent(Parts(fields, "content", list, "input_text", "output_text", "text"), IsList: true));
            default:
                fields.Fail("content", "must be a string or a list of text parts.");
                return new ChatMessage(role, null);
        }
    }

    private static string? Thought(Parameters fields)
        => fields.List("content") is { } list && list.GetArrayLength() > 0 ? string.Concat(Parts(fields, "content", list, "reasoning_text")) : null;

    private static List<string> Parts(Parameters fields, string name, JsonElement list, params string[] types)
    {
        var parts = new List<string>();
        foreach (JsonElement element in list.EnumerateArray())
        {
            if (fields.Element(name, parts.Count, element) is not { } part) break;
            if (!types.Contains(part.Text("type"))) part.Fail("type", $"must be {string.Join(" or ", types.Select(type => $"\"{type}\""))}: this server reads text only.");
            string? text = part.Text("text");
            if (text is null) part.Fail("text", "must be a string.");
            parts.Add(text ?? "");
            if (fields.Failed) break;
        }

        return parts;
    }
}
