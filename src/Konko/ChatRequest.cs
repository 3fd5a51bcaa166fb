using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Konko;

/// <summary>A chat request. What is null is not sent, and the server's default holds.</summary>
public sealed record ChatRequest
{
    /// <summary>The model's id or alias.</summary>
    public required string Model { get; init; }

    /// <summary>The conversation so far, at least one message.</summary>
    public required IEnumerable<Message> Messages { get; init; }

    /// <summary>0 … 2; 0 takes the likeliest token always.</summary>
    public double? Temperature { get; init; }

    /// <summary>0 &lt; p ≤ 1: only the likeliest tokens that hold so much of the probability.</summary>
    public double? TopP { get; init; }

    /// <summary>Most tokens of the answer.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>How many alternatives: 1 … 128.</summary>
    public int? N { get; init; }

    /// <summary>Up to 4 strings that end the answer.</summary>
    public IReadOnlyList<string>? Stop { get; init; }

    /// <summary>−2 … 2: against what was said at all.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>−2 … 2: against what was said often.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>Token id to what is added to its logit, −100 … 100.</summary>
    public IReadOnlyDictionary<string, double>? LogitBias { get; init; }

    /// <summary>The seed: the same request with the same seed gives the same answer.</summary>
    public long? Seed { get; init; }

    /// <summary>Whether the tokens' log-probabilities are told.</summary>
    public bool? Logprobs { get; init; }

    /// <summary>How many alternatives of each token are told: 0 … 20.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>The functions that the model may call.</summary>
    public IReadOnlyList<Tool>? Tools { get; init; }

    /// <summary>Whether it calls them, and which.</summary>
    public ToolChoice? ToolChoice { get; init; }

    /// <summary>Whether it may call several at once.</summary>
    public bool? ParallelToolCalls { get; init; }

    /// <summary>What the answer must be.</summary>
    public ResponseFormat? ResponseFormat { get; init; }

    /// <summary>How long the model may think: <c>low</c>, <c>medium</c>, <c>high</c>.</summary>
    public string? ReasoningEffort { get; init; }

    /// <summary>Whether the answer tells its details and times.</summary>
    public bool? Details { get; init; }

    /// <summary>The end user's name, for whoever runs the server.</summary>
    public string? User { get; init; }

    /// <summary>Whether a stream whose connection breaks is gone on with by itself. Only Konko's servers know it.</summary>
    [JsonIgnore]
    public bool Resumable { get; init; }

    /// <summary>Further fields to send, such as <c>top_k</c>; they stand above the properties.</summary>
    [JsonIgnore]
    public JsonObject? Extra { get; init; }

    [JsonInclude]
    internal bool? Stream { get; init; }

    [JsonInclude]
    internal StreamOptions? StreamOptions { get; init; }
}
