namespace Konko.Engine.Models;

/// <summary>The numbers of a decoder-only transformer.</summary>
internal sealed record DecoderShape
{
    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>Width of the feed-forward block.</summary>
    public required int FeedForward { get; init; }

    /// <summary>Query heads a layer.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads a layer; divides <see cref="Heads"/>.</summary>
    public required int KvHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Elements of a head that are rotated.</summary>
    public required int RopeDims { get; init; }

    /// <summary>ε of the norms.</summary>
    public required float NormEpsilon { get; init; }

    /// <summary>Most positions.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Number of token ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Positions a token may look back on, itself included; 0 is all.</summary>
    public int Window { get; init; }

    /// <summary>Query heads that share a KV head.</summary>
    public int Group => Heads / KvHeads;

    /// <summary>What query–key products are multiplied with: 1/√HeadDim.</summary>
    public float QueryScale => (float)(1.0 / Math.Sqrt(HeadDim));
}
