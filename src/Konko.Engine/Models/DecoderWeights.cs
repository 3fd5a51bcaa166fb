using Konko.Engine.Kernels;

namespace Konko.Engine.Models;

/// <summary>The weights of one layer.</summary>
internal sealed class DecoderLayer : IDisposable
{
    /// <summary>Norm before attention, Width floats.</summary>
    public required AlignedBuffer<float> AttentionNorm { get; init; }

    /// <summary>Heads · HeadDim × Width.</summary>
    public required PackedMatrix Query { get; init; }

    /// <summary>KvHeads · HeadDim × Width.</summary>
    public required PackedMatrix Key { get; init; }

    /// <summary>KvHeads · HeadDim × Width.</summary>
    public required PackedMatrix Value { get; init; }

    /// <summary>Width × Heads · HeadDim.</summary>
    public required PackedMatrix Output { get; init; }

    /// <summary>Norm before the feed-forward block, Width floats.</summary>
    public required AlignedBuffer<float> FeedForwardNorm { get; init; }

    /// <summary>FeedForward × Width.</summary>
    public required PackedMatrix Gate { get; init; }

    /// <summary>FeedForward × Width.</summary>
    public required PackedMatrix Up { get; init; }

    /// <summary>Width × FeedForward.</summary>
    public required PackedMatrix Down { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        AttentionNorm.Dispose();
        Query.Dispose();
        Key.Dispose();
        Value.Dispose();
        Output.Dispose();
        FeedForwardNorm.Dispose();
        Gate.Dispose();
        Up.Dispose();
        Down.Dispose();
    }
}

/// <summary>All weights of a decoder.</summary>
internal sealed class DecoderWeights : IDisposable
{
    /// <summary>VocabularySize × Width: rows are token embeddings.</summary>
    public required PackedMatrix Embedding { get; init; }

    /// <summary>The layers, first to last.</summary>
    public required IReadOnlyList<DecoderLayer> Layers { get; init; }

    /// <summary>The last norm, Width floats.</summary>
    public required AlignedBuffer<float> OutputNorm { get; init; }

    /// <summary>VocabularySize × Width; <see cref="Embedding"/> itself where tied.</summary>
    public required PackedMatrix Head { get; init; }

    /// <summary>Angles of the rotary positions.</summary>
    public required RopeTable Rope { get; init; }

    /// <summary>Bytes of all matrices.</summary>
    public long Bytes => Embedding.Bytes + (ReferenceEquals(Head, Embedding) ? 0 : Head.Bytes)
        + Layers.Sum(l => l.Query.Bytes + l.Key.Bytes + l.Value.Bytes + l.Output.Bytes + l.Gate.Bytes + l.Up.Bytes + l.Down.Bytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        Embedding.Dispose();
        foreach (DecoderLayer layer in Layers) layer.Dispose();
        OutputNorm.Dispose();
        Head.Dispose();
        Rope.Dispose();
    }
}
