using System.Text.Json;
using System.Text.Json.Serialization;
using Konko.Protocol.Embeddings;

namespace Konko;

/// <summary>The vectors of texts.</summary>
public sealed record EmbeddingAnswer
{
    /// <summary>A vector for each text, in their order.</summary>
    public IReadOnlyList<EmbeddingObject> Data { get; init => field = value ?? []; } = [];

    /// <summary>The model that made them.</summary>
    public string Model { get; init => field = value ?? ""; } = "";

    /// <summary>What the request cost.</summary>
    public EmbeddingUsage? Usage { get; init; }

    /// <summary>Fields that this version does not know, as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }

    /// <summary>The first text's vector; none where there is none.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<float> Vector => Data is [var first, ..] ? first.Embedding.Values : default;

    /// <summary>The answer as it came.</summary>
    [JsonIgnore]
    public RawResponse? Response { get; init; }
}
