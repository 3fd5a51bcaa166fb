using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Konko;

/// <summary>A request for the vectors of texts.</summary>
public sealed record EmbeddingRequest
{
    /// <summary>The model's id or alias.</summary>
    public required string Model { get; init; }

    /// <summary>The texts.</summary>
    public required IReadOnlyList<string> Input { get; init; }

    /// <summary>How many elements each vector is to have; the model's own number where null.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Further fields to send; they stand above the properties.</summary>
    [JsonIgnore]
    public JsonObject? Extra { get; init; }

    // A quarter of the bytes of numbers, and the same bits.
    [JsonInclude]
    internal string EncodingFormat { get; init; } = "base64";
}
