using System.Text.Json;
using System.Text.Json.Serialization;

namespace Konko;

/// <summary>A message of a conversation, to be sent. A pair of role and text is one too: <c>("user", "Hello")</c>.</summary>
public sealed record Message
{
    /// <summary><c>system</c>, <c>developer</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</summary>
    public required string Role { get; init; }

    /// <summary>The text; null in a message of the assistant that calls tools.</summary>
    public string? Content { get; init; }

    /// <summary>Who speaks, where several have one role.</summary>
    public string? Name { get; init; }

    /// <summary>The calls that the assistant asked for.</summary>
    public IReadOnlyList<ToolCall>? ToolCalls { get; init; }

    /// <summary>Which call a message of the role <c>tool</c> answers.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>Further fields to send.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }

    /// <summary>What the model is to be.</summary>
    /// <param name="content">The text.</param>
    public static Message System(string content) => new() { Role = "system", Content = content };

    /// <summary>What the user says.</summary>
    /// <param name="content">The text.</param>
    public static Message User(string content) => new() { Role = "user", Content = content };

    /// <summary>What the model said before.</summary>
    /// <param name="content">The text.</param>
    public static Message Assistant(string content) => new() { Role = "assistant", Content = content };

    /// <summary>What a tool gave back.</summary>
    /// <param name="toolCallId">The call's id.</param>
    /// <param name="content">The result.</param>
    public static Message Tool(string toolCallId, string content) => new() { Role = "tool", Content = content, ToolCallId = toolCallId };

    /// <summary>A message of a role and a text.</summary>
    /// <param name="message">Role and text.</param>
    public static implicit operator Message((string Role, string Content) message) => ToMessage(message);

    /// <summary>A message of a role and a text.</summary>
    /// <param name="message">Role and text.</param>
    public static Message ToMessage((string Role, string Content) message) => new() { Role = message.Role, Content = message.Content };
}
