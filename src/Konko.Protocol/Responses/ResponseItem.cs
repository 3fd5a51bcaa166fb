using System.Text.Json.Serialization;

namespace Konko.Protocol.Responses;

/// <summary>One thing that the model has put out: a thought (<c>reasoning</c>), a message, or a call (<c>function_call</c>).</summary>
public sealed record ResponseItem
{
    /// <summary>Unique within the answer.</summary>
    public required string Id { get; init; }

    /// <summary><c>reasoning</c>, <c>message</c> or <c>function_call</c>.</summary>
    public required string Type { get; init; }

    /// <summary><c>in_progress</c>, <c>completed</c> or <c>incomplete</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Of a message: <c>assistant</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    /// <summary>Of a thought: always empty, for thoughts come as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Summary { get; init; }

    /// <summary>The text of a thought or message; empty while it has not begun.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ResponsePart>? Content { get; init; }

    /// <summary>Of a call: the id that its result is to name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CallId { get; init; }

    /// <summary>Of a call: the function's name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>Of a call: the arguments' JSON; empty while it has not ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Arguments { get; init; }
}
