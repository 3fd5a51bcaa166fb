using System.Text.Json;
using System.Text.Json.Serialization;
using Konko.Printing;

namespace Konko;

/// <summary>What the model answered.</summary>
public sealed record ChatCompletionMessage
{
    /// <summary>The text; null where the model calls tools instead.</summary>
    public string? Content { get; init; }

    /// <summary>Always <c>assistant</c>.</summary>
    public string Role { get; init => field = value ?? "assistant"; } = "assistant";

    /// <summary>The call in the older form.</summary>
    public FunctionCall? FunctionCall { get; init; }

    /// <summary>The calls that the model asks for.</summary>
    public IReadOnlyList<ToolCall>? ToolCalls { get; init; }

    /// <summary>What the model thought aloud.</summary>
    public string? ReasoningContent { get; init; }

    /// <summary>Fields that this version does not know, as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }

    /// <summary>The message as a part of the next request.</summary>
    /// <param name="message">The answer.</param>
    public static implicit operator Message(ChatCompletionMessage message) => message.ToMessage();

    /// <summary>The message as a part of the next request.</summary>
    public Message ToMessage() => new() { Role = Role, Content = Content, ToolCalls = ToolCalls };

    /// <inheritdoc/>
    public override string ToString() => new PythonText(nameof(ChatCompletionMessage))
        .Field("content", Content).Field("role", Role).Field("function_call", FunctionCall).Field("tool_calls", ToolCalls)
        .Extra("reasoning_content", ReasoningContent).Extra(Extra).ToString();
}
