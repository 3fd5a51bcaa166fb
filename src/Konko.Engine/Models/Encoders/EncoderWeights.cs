using Konko.Engine.Kernels;

namespace Konko.Engine.Models.Encoders;

/// <summary>A matrix and what is added to its outputs.</summary>
/// <param name="Weights">The matrix.</param>
/// <param name="Bias">As many floats as it has rows, padded to a multiple of 16.</param>
internal sealed record BiasedMatrix(PackedMatrix Weights, AlignedBuffer<float> Bias);

/// <summary>Weights of a layer norm, padded to a multiple of 16.</summary>
/// <param name="Weight">What the normalised values are multiplied with.</param>
/// <param name="Bias">What is added then.</param>
internal sealed record LayerNormWeights(AlignedBuffer<float> Weight, AlignedBuffer<float> Bias);

/// <summary>The weights of one layer: attention and a feed-forward block, each followed by a norm of its sum with the residual.</summary>
internal sealed record EncoderLayer
{
    /// <summary>Width × Width.</summary>
    public required BiasedMatrix Query { get; init; }

    /// <summary>Width × Width.</summary>
    public required BiasedMatrix Key { get; init; }

    /// <summary>Width × Width.</summary>
    public required BiasedMatrix Value { get; init; }

    /// <summary>Width × Width.</summary>
    public required BiasedMatrix Output { get; init; }

    /// <summary>After attention.</summary>
    public required LayerNormWeights AttentionNorm { get; init; }

    /// <summary>FeedForward × Width.</summary>
    public required BiasedMatrix Up { get; init; }

    /// <summary>Width × FeedForward.</summary>
    public required BiasedMatrix Down { get; init; }

    /// <summary>After the feed-forward block.</summary>
    public required LayerNormWeights OutputNorm { get; init; }
}

/// <summary>All weights of an encoder.</summary>
internal sealed record EncoderWeights : IDisposable
{
    /// <summary>VocabularySize × Width: rows are token embeddings.</summary>
    public required PackedMatrix Embedding { get; init; }

    /// <summary>[position][Width padded to a multiple of 16]: what stands for a position, the segment's vector added.</summary>
    public required AlignedBuffer<float> Positions { get; init; }

    /// <summary>The norm before the first layer.</summary>
    public required LayerNormWeights EmbeddingNorm { get; init; }

    /// <summary>The layers, first to last.</summary>
    public required IReadOnlyList<EncoderLayer> Layers { get; init; }

    /// <summary>The memory that all of these lie in.</summary>
    public required ModelMemory Memory { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Memory.Dispose();
}
