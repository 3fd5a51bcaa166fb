using System.Text.Json;
using Konko.Protocol.Responses;

namespace Konko.Server.Generation.Rendering;

/// <summary>What a response repeats of its request.</summary>
public sealed record ResponseEcho
{
    /// <summary>The instructions, or null.</summary>
    public string? Instructions { get; init; }

    /// <summary>Most tokens as the request has it, or null.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>The request's metadata; an object.</summary>
    public required JsonElement Metadata { get; init; }

    /// <summary>How hard to think, or null.</summary>
    public string? ReasoningEffort { get; init; }

    /// <summary>The temperature.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>The share of probability that tokens are drawn from.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>The request's user, or null.</summary>
    public string? User { get; init; }

    /// <summary>The form of the text.</summary>
    public ResponseFormat Format { get; init; } = new();

    /// <summary>The tools as they were sent.</summary>
    public IReadOnlyList<JsonElement> Tools { get; init; } = [];

    /// <summary>Which tools may be called, as it was sent; null where it was not said.</summary>
    public JsonElement? ToolChoice { get; init; }

    /// <summary>Whether several calls may come at once.</summary>
    public bool ParallelToolCalls { get; init; } = true;
}
