using System.Text.Json.Serialization;

namespace Konko.Protocol.Models;

/// <summary>The answer of <c>GET /v1/models</c>.</summary>
public sealed record ModelList
{
    /// <summary>Always <c>list</c>.</summary>
    [JsonPropertyName("object"), JsonPropertyOrder(0)]
    public string Object { get; init; } = "list";

    /// <summary>The models, then their aliases.</summary>
    [JsonPropertyName("data"), JsonPropertyOrder(1)]
    public required IReadOnlyList<ModelObject> Data { get; init; }
}
