using System.Text.Json;
using System.Text.Json.Serialization;
using Konko.Printing;

namespace Konko;

/// <summary>What a chunk adds to a message.</summary>
public sealed record ChoiceDelta
{
    /// <summary>The text to append; empty or null where none is.</summary>
    public string? Content { get; init; }

    /// <summary>A fragment of a call in the older form.</summary>
    public FunctionCall? FunctionCall { get; init; }

    /// <summary><c>assistant</c>, where it is said.</summary>
    public string? Role { get; init; }

    /// <summary>Fragments of tool calls.</summary>
    public IReadOnlyList<ToolCallDelta>? ToolCalls { get; init; }

    /// <summary>What the model thinks aloud, to append.</summary>
    public string? ReasoningContent { get; init; }

    /// <summary>Fields that this version does not know, as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }

    /// <inheritdoc/>
    public override string ToString() => new PythonText(nameof(ChoiceDelta))
        .Field("content", Content).Field("function_call", FunctionCall).Field("role", Role).Field("tool_calls", ToolCalls)
        .Extra("reasoning_content", ReasoningContent).Extra(Extra).ToString();
}
