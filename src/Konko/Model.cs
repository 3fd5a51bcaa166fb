using System.Text.Json;
using System.Text.Json.Serialization;

namespace Konko;

/// <summary>A model of the server. What only Konko's servers tell is null elsewhere.</summary>
public sealed record Model
{
    /// <summary>The id or alias.</summary>
    public string Id { get; init => field = value ?? ""; } = "";

    /// <summary>Seconds since 1970.</summary>
    public long? Created { get; init; }

    /// <summary>Who owns it.</summary>
    public string? OwnedBy { get; init; }

    /// <summary>Whether it answers chats.</summary>
    public bool? IsChat { get; init; }

    /// <summary>Whether it completes text.</summary>
    public bool? IsText { get; init; }

    /// <summary>Whether it makes embeddings.</summary>
    public bool? IsEmbedding { get; init; }

    /// <summary>What it is, in a sentence.</summary>
    public string? Description { get; init; }

    /// <summary>Most tokens of a prompt and its answer.</summary>
    public int? MaxContextLength { get; init; }

    /// <summary>The licence's name.</summary>
    public string? LicenseName { get; init; }

    /// <summary>What it can do, such as <c>chat</c>.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>The type of most of its weights, such as <c>Q4_1</c>.</summary>
    public string? Quantization { get; init; }

    /// <summary>Number of weights.</summary>
    public long? Parameters { get; init; }

    /// <summary>Who generates its answers; <c>local</c> is the server's own engine.</summary>
    public string? Provider { get; init; }

    /// <summary><c>unloaded</c>, <c>loading</c>, <c>loaded</c> or <c>failed</c>.</summary>
    public string? State { get; init; }

    /// <summary>The rest, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}
