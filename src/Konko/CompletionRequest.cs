using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Konko;

/// <summary>A request for the continuation of a text. What is null is not sent, and the server's default holds.</summary>
public sealed record CompletionRequest
{
    /// <summary>The model's id or alias.</summary>
    public required string Model { get; init; }

    /// <summary>The texts to go on with, each by itself.</summary>
    public required IReadOnlyList<string> Prompt { get; init; }

    /// <summary>Most tokens of the answer; 16 where null.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>0 … 2; 0 takes the likeliest token always.</summary>
    public double? Temperature { get; init; }

    /// <summary>0 &lt; p ≤ 1: only the likeliest tokens that hold so much of the probability.</summary>
    public double? TopP { get; init; }

    /// <summary>How many alternatives for each prompt: 1 … 128.</summary>
    public int? N { get; init; }

    /// <summary>Of how many the <see cref="N"/> best are chosen.</summary>
    public int? BestOf { get; init; }

    /// <summary>Up to 4 strings that end the answer.</summary>
    public IReadOnlyList<string>? Stop { get; init; }

    /// <summary>−2 … 2: against what was said at all.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>−2 … 2: against what was said often.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>The seed: the same request with the same seed gives the same answer.</summary>
    public long? Seed { get; init; }

    /// <summary>How many alternatives of each token are told: 0 … 5.</summary>
    public int? Logprobs { get; init; }

    /// <summary>Whether the answer begins with the prompt.</summary>
    public bool? Echo { get; init; }

    /// <summary>What follows the gap that is to be filled.</summary>
    public string? Suffix { get; init; }

    /// <summary>Whether a stream whose connection breaks is gone on with by itself. Only Konko's servers know it.</summary>
    [JsonIgnore]
    public bool Resumable { get; init; }

    /// <summary>Further fields to send; they stand above the properties.</summary>
    [JsonIgnore]
    public JsonObject? Extra { get; init; }

    [JsonInclude]
    internal bool? Stream { get; init; }

    [JsonInclude]
    internal StreamOptions? StreamOptions { get; init; }
}
