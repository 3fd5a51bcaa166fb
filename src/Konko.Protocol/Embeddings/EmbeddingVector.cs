using System.Text.Json.Serialization;

namespace Konko.Protocol.Embeddings;

/// <summary>A vector in the encoding that the request asked for: a list of numbers, or a string of base64.</summary>
/// <param name="Values">The elements.</param>
/// <param name="IsBase64">Whether it is written as base64 of little-endian single-precision numbers.</param>
[JsonConverter(typeof(EmbeddingVectorConverter))]
public sealed record EmbeddingVector(ReadOnlyMemory<float> Values, bool IsBase64);
