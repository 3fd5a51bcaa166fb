using System.Text.Json;
using System.Text.Json.Serialization;
using Konko.Printing;
using Konko.Protocol.Answers;

namespace Konko;

/// <summary>What a request cost, in tokens, over all its choices.</summary>
public sealed record CompletionUsage
{
    /// <summary>Sampled tokens.</summary>
    public int CompletionTokens { get; init; }

    /// <summary>Tokens of the prompt, counted once.</summary>
    public int PromptTokens { get; init; }

    /// <summary>The sum of both.</summary>
    public int TotalTokens { get; init; }

    /// <summary>More about the prompt's tokens, where the server says.</summary>
    public PromptTokensDetails? PromptTokensDetails { get; init; }

    /// <summary>Fields that this version does not know, as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }

    /// <inheritdoc/>
    public override string ToString() => new PythonText(nameof(CompletionUsage))
        .Field("completion_tokens", CompletionTokens).Field("prompt_tokens", PromptTokens).Field("total_tokens", TotalTokens)
        .Extra("prompt_tokens_details", PromptTokensDetails is { } details ? new PythonText(nameof(PromptTokensDetails)).Field("cached_tokens", details.CachedTokens) : null)
        .Extra(Extra).ToString();
}
