using System.Text.Json.Serialization;

namespace Konko.Protocol.Models;

/// <summary>A model as <c>GET /v1/models</c> shows it; what is not known is written as null.</summary>
public sealed record ModelObject
{
    /// <summary>The canonical id or an alias, lower case.</summary>
    [JsonPropertyName("id"), JsonPropertyOrder(0)]
    public required string Id { get; init; }

    /// <summary>Unix time in seconds.</summary>
    [JsonPropertyName("created"), JsonPropertyOrder(1)]
    public long? Created { get; init; }

    /// <summary>Always <c>model</c>.</summary>
    [JsonPropertyName("object"), JsonPropertyOrder(2)]
    public string Object { get; init; } = "model";

    /// <summary>Who owns the model.</summary>
    [JsonPropertyName("owned_by"), JsonPropertyOrder(3)]
    public string? OwnedBy { get; init; }

    /// <summary>Whether it answers chats.</summary>
    [JsonPropertyName("is_chat"), JsonPropertyOrder(4)]
    public bool? IsChat { get; init; }

    /// <summary>Whether it completes text.</summary>
    [JsonPropertyName("is_text"), JsonPropertyOrder(5)]
    public bool? IsText { get; init; }

    /// <summary>Who made the model.</summary>
    [JsonPropertyName("creator"), JsonPropertyOrder(6)]
    public string? Creator { get; init; }

    /// <summary>A picture of the maker's sign.</summary>
    [JsonPropertyName("creator_logo_url"), JsonPropertyOrder(7)]
    public string? CreatorLogoUrl { get; init; }

    /// <summary>The same as <see cref="Id"/>: LlamaIndex looks models up by it.</summary>
    [JsonPropertyName("name"), JsonPropertyOrder(8)]
    public required string Name { get; init; }

    /// <summary>What the model is, in a sentence.</summary>
    [JsonPropertyName("description"), JsonPropertyOrder(9)]
    public string? Description { get; init; }

    /// <summary>What it is for.</summary>
    [JsonPropertyName("category"), JsonPropertyOrder(10)]
    public string? Category { get; init; }

    /// <summary>How far it was trained to refuse.</summary>
    [JsonPropertyName("censorship"), JsonPropertyOrder(11)]
    public string? Censorship { get; init; }

    /// <summary>Most tokens of a prompt and its answer.</summary>
    [JsonPropertyName("max_context_length"), JsonPropertyOrder(12)]
    public int? MaxContextLength { get; init; }

    /// <summary>The licence's name.</summary>
    [JsonPropertyName("license_name"), JsonPropertyOrder(13)]
    public string? LicenseName { get; init; }

    /// <summary>The licence's text.</summary>
    [JsonPropertyName("license_url"), JsonPropertyOrder(14)]
    public string? LicenseUrl { get; init; }

    /// <summary>The price by the token, such as <c>$0.0003 / 1k tokens</c>.</summary>
    [JsonPropertyName("public_endpoint_pricing"), JsonPropertyOrder(15)]
    public string? PublicEndpointPricing { get; init; }

    /// <summary>The price by the hour, such as <c>$2 / hour</c>.</summary>
    [JsonPropertyName("private_endpoint_pricing"), JsonPropertyOrder(16)]
    public string? PrivateEndpointPricing { get; init; }

    /// <summary>Documentation.</summary>
    [JsonPropertyName("docs_url"), JsonPropertyOrder(17)]
    public string? DocsUrl { get; init; }

    /// <summary>How to prompt it.</summary>
    [JsonPropertyName("prompt_guide_url"), JsonPropertyOrder(18)]
    public string? PromptGuideUrl { get; init; }

    /// <summary>Whether it makes embeddings.</summary>
    [JsonPropertyName("is_embedding"), JsonPropertyOrder(19)]
    public bool? IsEmbedding { get; init; }

    /// <summary>What it can do, such as <c>chat</c> and <c>completions</c>.</summary>
    [JsonPropertyName("capabilities"), JsonPropertyOrder(20)]
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>The type of most of its weights, such as <c>Q4_1</c>.</summary>
    [JsonPropertyName("quantization"), JsonPropertyOrder(21)]
    public string? Quantization { get; init; }

    /// <summary>Number of weights.</summary>
    [JsonPropertyName("parameters"), JsonPropertyOrder(22)]
    public long? Parameters { get; init; }

    /// <summary>Who generates its answers; <c>local</c> is the embedded engine.</summary>
    [JsonPropertyName("provider"), JsonPropertyOrder(23)]
    public string? Provider { get; init; }

    /// <summary><c>unloaded</c> (the next request loads it), <c>loading</c>, <c>loaded</c> or <c>failed</c>.</summary>
    [JsonPropertyName("state"), JsonPropertyOrder(24)]
    public string? State { get; init; }
}
