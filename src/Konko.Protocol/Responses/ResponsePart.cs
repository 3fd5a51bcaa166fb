using System.Text.Json.Serialization;
using Konko.Protocol.Chat;

namespace Konko.Protocol.Responses;

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

    /// <summary>Of a message: the log-probabilities of its tokens, empty unless asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ChatTokenLogprob>? Logprobs { get; init; }
}
