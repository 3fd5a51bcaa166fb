using System.Text.Json.Serialization;

namespace Konko.Protocol.Responses;

/// <summary>One thing that the model has put out: a thought (<c>reasoning</c>) or a message.</summary>
public sealed record ResponseItem
{
    /// <summary>Unique within the answer.</summary>
    public required string Id { get; init; }

    /// <summary><c>reasoning</c> or <c>message</c>.</summary>
    public required string Type { get; init; }

    /// <summary><c>in_progress</c>, <c>completed</c> or <c>incomplete</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Of a message: <c>assistant</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    /// <summary>Of a thought: always empty, for thoughts come as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Summary { get; init; }

    /// <summary>The text; empty while it has not begun.</summary>
    public required IReadOnlyList<ResponsePart> Content { get; init; }
}

/// <summary>A part of an item's content.</summary>
public sealed record ResponsePart
{
    /// <summary><c>output_text</c>, or <c>reasoning_text</c> of a thought.</summary>
    public required string Type { get; init; }

    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>Of a message: always empty.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Annotations { get; init; }

    /// <summary>Of a message: always empty.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Logprobs { get; init; }
}
