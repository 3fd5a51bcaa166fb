using System.Text.Json.Serialization;

namespace Konko.Protocol.Chat;

/// <summary>The message that a choice answers with.</summary>
public sealed record ChatChoiceMessage
{
    /// <summary>Always <c>assistant</c>.</summary>
    public required string Role { get; init; }

    /// <summary>The text; null where there are only calls.</summary>
    public required string? Content { get; init; }

    /// <summary>The call in the older form, or null.</summary>
    public ChatFunction? FunctionCall { get; init; }

    /// <summary>The tool calls, or null.</summary>
    public IReadOnlyList<ChatToolCall>? ToolCalls { get; init; }

    /// <summary>What the model thought aloud; only where it did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ReasoningContent { get; init; }
}
