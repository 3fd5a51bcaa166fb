using System.Text.Json.Serialization;
using Konko.Protocol.Answers;

namespace Konko.Protocol.Completions;

/// <summary>One of the alternatives of a text completion, or what a chunk adds to it.</summary>
public sealed record CompletionChoice
{
    /// <summary>From 0.</summary>
    public required int Index { get; init; }

    /// <summary>The text, or the text to append.</summary>
    public required string Text { get; init; }

    /// <summary>The tokens' log-probabilities; null unless asked for.</summary>
    public required CompletionLogprobs? Logprobs { get; init; }

    /// <summary><c>stop</c> or <c>length</c>; null until the choice's last chunk.</summary>
    public required string? FinishReason { get; init; }

    /// <summary>This choice's details; only in a whole answer, where asked for and there are several choices.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AnswerDetails? Details { get; init; }

    /// <summary>This choice's times; only in a whole answer, where details were asked for and there are several choices.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AnswerStats? Stats { get; init; }
}
