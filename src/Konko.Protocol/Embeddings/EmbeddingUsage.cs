namespace Konko.Protocol.Embeddings;

/// <summary>What embeddings cost, in tokens over all inputs; those that the model expects around a text included.</summary>
public sealed record EmbeddingUsage
{
    /// <summary>Tokens of the inputs.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>The same, for nothing is generated.</summary>
    public required int TotalTokens { get; init; }
}
