namespace Konko.Protocol.Embeddings;

/// <summary>The vector of one input.</summary>
public sealed record EmbeddingObject
{
    /// <summary>Always <c>embedding</c>.</summary>
    public string Object { get; init; } = "embedding";

    /// <summary>The input's place, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The vector, of unit length.</summary>
    public required EmbeddingVector Embedding { get; init; }
}
