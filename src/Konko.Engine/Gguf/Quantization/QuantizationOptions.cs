namespace Konko.Engine.Gguf.Quantization;

/// <summary>What a model is to become.</summary>
/// <param name="Recipe">The types of its matrices.</param>
public sealed record QuantizationOptions(QuantizationRecipe Recipe)
{
    /// <summary>The type of the head, in place of the recipe's. Of a model whose head is its embedding, this is that matrix's type.</summary>
    public GgmlType? OutputType { get; init; }

    /// <summary>The type of the token embedding, in place of the recipe's.</summary>
    public GgmlType? EmbeddingType { get; init; }

    /// <summary>Whether every matrix gets the recipe's own type, the head too.</summary>
    public bool Pure { get; init; }
}
