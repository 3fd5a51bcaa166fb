using System.Text.Json.Serialization;
using Konko.Protocol.Answers;

namespace Konko.Protocol.Chat;

/// <summary>One of the alternatives of a whole answer.</summary>
public sealed record ChatChoice
{
    /// <summary>0 … n − 1.</summary>
    public required int Index { get; init; }

    /// <summary>The answer.</summary>
    public required ChatChoiceMessage Message { get; init; }

    /// <summary><c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>function_call</c> or <c>content_filter</c>.</summary>
    public required string? FinishReason { get; init; }

    /// <summary>The tokens' log-probabilities; null unless asked for.</summary>
    public required ChatLogprobs? Logprobs { get; init; }

    /// <summary>This choice's details; only where asked for and n is over 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AnswerDetails? Details { get; init; }

    /// <summary>This choice's times; only where details were asked for and n is over 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AnswerStats? Stats { get; init; }
}
