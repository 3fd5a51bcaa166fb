using System.Text.Json.Serialization;

namespace Konko.Protocol.Chat;

/// <summary>What a chunk adds to a message.</summary>
public sealed record ChatDelta
{
    /// <summary>Always <c>assistant</c>; left out where a client's helper would concatenate it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    /// <summary>The text to append, possibly empty.</summary>
    public required string Content { get; init; }

    /// <summary>The call in the older form, or null.</summary>
    public ChatFunction? FunctionCall { get; init; }

    /// <summary>Fragments of tool calls, or null.</summary>
    public IReadOnlyList<ChatToolCallDelta>? ToolCalls { get; init; }

    /// <summary>What the model thinks aloud, to append; only where it does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ReasoningContent { get; init; }
}
