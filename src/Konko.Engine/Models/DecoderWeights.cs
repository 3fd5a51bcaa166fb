using Konko.Engine.Kernels;

namespace Konko.Engine.Models;

/// <summary>The weights of one layer. What an architecture does not have is null.</summary>
internal sealed record DecoderLayer
{
    /// <summary>Norm before attention, Width floats.</summary>
    public AlignedBuffer<float>? AttentionNorm { get; init; }

    /// <summary>Heads · HeadDim × Width.</summary>
    public required PackedMatrix Query { get; init; }

    /// <summary>KvHeads · HeadDim × Width.</summary>
    public required PackedMatrix Key { get; init; }

    /// <summary>KvHeads · HeadDim × Width.</summary>
    public required PackedMatrix Value { get; init; }

    /// <summary>Width × Heads · HeadDim.</summary>
    public required PackedMatrix Output { get; init; }

    /// <summary>Added to the queries.</summary>
    public AlignedBuffer<float>? QueryBias { get; init; }

    /// <summary>Added to the keys.</summary>
    public AlignedBuffer<float>? KeyBias { get; init; }

    /// <summary>Added to the values.</summary>
    public AlignedBuffer<float>? ValueBias { get; init; }

    /// <summary>Added to attention's output.</summary>
    public AlignedBuffer<float>? OutputBias { get; init; }

    /// <summary>Norm of the queries: of each head, or of all heads together, by its length.</summary>
    public NormWeight? QueryNorm { get; init; }

    /// <summary>Norm of the keys: of each head, or of all heads together, by its length.</summary>
    public NormWeight? KeyNorm { get; init; }

    /// <summary>A score of each query head that takes part in the softmax and has no value.</summary>
    public AlignedBuffer<float>? Sinks { get; init; }

    /// <summary>Angles of the rotary positions; null where the layer has none.</summary>
    public RopeTable? Rope { get; init; }

    /// <summary>Positions a token may look back on, itself included; 0 is all.</summary>
    public int Window { get; init; }

    /// <summary>Norm of attention's output, before it joins the residual.</summary>
    public AlignedBuffer<float>? PostAttentionNorm { get; init; }

    /// <summary>Norm before the feed-forward block, Width floats.</summary>
    public AlignedBuffer<float>? FeedForwardNorm { get; init; }

    /// <summary>FeedForward × Width; experts one below the other.</summary>
    public required PackedMatrix Gate { get; init; }

    /// <summary>FeedForward × Width; experts one below the other.</summary>
    public required PackedMatrix Up { get; init; }

    /// <summary>Width × FeedForward; experts one below the other.</summary>
    public required PackedMatrix Down { get; init; }

    /// <summary>Chooses experts.</summary>
    public ExpertRouter? Router { get; init; }

    /// <summary>Norm of the feed-forward block's output, before it joins the residual.</summary>
    public AlignedBuffer<float>? PostFeedForwardNorm { get; init; }
}

/// <summary>A norm's weights and how many they are.</summary>
/// <param name="Weights">The weights.</param>
/// <param name="Width">Elements that are normalised together.</param>
internal sealed record NormWeight(AlignedBuffer<float> Weights, int Width);

/// <summary>What chooses a token's experts, and the experts' biases.</summary>
internal sealed record ExpertRouter
{
    /// <summary>Experts × Width.</summary>
    public required PackedMatrix Weights { get; init; }

    /// <summary>Added to the router's scores.</summary>
    public AlignedBuffer<float>? Bias { get; init; }

    /// <summary>[expert][FeedForward], added to the gates.</summary>
    public AlignedBuffer<float>? GateBias { get; init; }

    /// <summary>[expert][FeedForward], added to the ups.</summary>
    public AlignedBuffer<float>? UpBias { get; init; }

    /// <summary>[expert][Width], added to the outputs.</summary>
    public AlignedBuffer<float>? DownBias { get; init; }
}

/// <summary>All weights of a decoder.</summary>
internal sealed record DecoderWeights : IDisposable
{
    /// <summary>VocabularySize × Width: rows are token embeddings.</summary>
    public required PackedMatrix Embedding { get; init; }

    /// <summary>The layers, first to last.</summary>
    public required IReadOnlyList<DecoderLayer> Layers { get; init; }

    /// <summary>The last norm, Width floats.</summary>
    public required AlignedBuffer<float> OutputNorm { get; init; }

    /// <summary>VocabularySize × Width; <see cref="Embedding"/> itself where tied.</summary>
    public required PackedMatrix Head { get; init; }

    /// <summary>The rope tables of the layers, each once.</summary>
    public required IReadOnlyList<RopeTable> Ropes { get; init; }

    /// <summary>The memory that all of these lie in.</summary>
    public required ModelMemory Memory { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Memory.Dispose();
        foreach (RopeTable rope in Ropes) rope.Dispose();
    }
}
