using Konko.Protocol.Chat;
using Konko.Protocol.Responses;
using Konko.Server.Generation.Tools;

namespace Konko.Server.Generation.Rendering;

/// <summary>A kind of item of a response, and how its events are called.</summary>
/// <param name="Type">The item's type.</param>
/// <param name="Prefix">What its id begins with.</param>
/// <param name="PartType">The type of its content; empty where it has none.</param>
/// <param name="Name">What the names of its own events begin with.</param>
internal sealed record ResponseItemKind(string Type, string Prefix, string PartType, string Name)
{
    /// <summary>What the model thinks aloud.</summary>
    public static ResponseItemKind Thought { get; } = new("reasoning", "rs_", "reasoning_text", "response.reasoning_text");

    /// <summary>What it says.</summary>
    public static ResponseItemKind Message { get; } = new("message", "msg_", "output_text", "response.output_text");

    /// <summary>A function that it calls.</summary>
    public static ResponseItemKind Call { get; } = new("function_call", "fc_", "", "response.function_call_arguments");

    /// <summary>A list that only messages have.</summary>
    /// <param name="list">The list.</param>
    public IReadOnlyList<ChatTokenLogprob>? OrNone(IReadOnlyList<ChatTokenLogprob> list) => this == Message ? list : null;

    /// <summary>The content.</summary>
    /// <param name="text">The text so far.</param>
    /// <param name="scores">The log-probabilities of its tokens.</param>
    public ResponsePart Part(string text, IReadOnlyList<ChatTokenLogprob> scores)
        => new() { Type = PartType, Text = text, Annotations = this == Message ? [] : null, Logprobs = OrNone(scores) };

    /// <summary>An item that has nothing yet.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="call">The call that it is, or null.</param>
    public ResponseItem Begin(string id, ToolCallDelta? call) => new()
    {
        Id = id,
        Type = Type,
        Status = "in_progress",
        Role = this == Message ? "assistant" : null,
        Summary = this == Thought ? [] : null,
        Content = this == Call ? null : [],
        CallId = call?.Id,
        Name = call?.Name,
        Arguments = call is null ? null : "",
    };
}
