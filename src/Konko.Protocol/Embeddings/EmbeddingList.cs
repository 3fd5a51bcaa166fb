namespace Konko.Protocol.Embeddings;

/// <summary>The answer of <c>POST /v1/embeddings</c>.</summary>
public sealed record EmbeddingList
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object { get; init; } = "list";

    /// <summary>A vector for each input, in their order.</summary>
    public required IReadOnlyList<EmbeddingObject> Data { get; init; }

    /// <summary>The model's name as the caller may use it: an alias, or the id in lower case.</summary>
    public required string Model { get; init; }

    /// <summary>What the request cost.</summary>
    public required EmbeddingUsage Usage { get; init; }
}
