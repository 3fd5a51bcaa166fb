using Konko.Engine.Cache;

namespace Konko.Engine.Models;

/// <summary>The activation of a gated feed-forward block.</summary>
internal enum GateActivation
{
    /// <summary>silu(g) · u.</summary>
    Silu,

    /// <summary>gelu(g) · u, gelu in its tanh form.</summary>
    Gelu,

    /// <summary>g · sigmoid(1.702 g) · (u + 1), with g at most 7 and u within ±7 (gpt-oss).</summary>
    ClampedSwish,
}

/// <summary>The numbers of a decoder-only transformer.</summary>
internal sealed record DecoderShape
{
    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>Width of the feed-forward block, or of one expert's.</summary>
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

    /// <summary>What query–key products are multiplied with.</summary>
    public required float QueryScale { get; init; }

    /// <summary>The activation of the feed-forward block.</summary>
    public GateActivation Activation { get; init; }

    /// <summary>What token embeddings are multiplied with.</summary>
    public float EmbeddingScale { get; init; } = 1;

    /// <summary>What a block's output is multiplied with before it joins the residual.</summary>
    public float ResidualScale { get; init; } = 1;

    /// <summary>What logits are multiplied with.</summary>
    public float LogitScale { get; init; } = 1;

    /// <summary>c of c · tanh(score / c); 0 is off.</summary>
    public float AttentionSoftcap { get; init; }

    /// <summary>c of c · tanh(logit / c); 0 is off.</summary>
    public float LogitSoftcap { get; init; }

    /// <summary>Experts of a layer; 0 where the feed-forward block is dense.</summary>
    public int Experts { get; init; }

    /// <summary>Experts that a token uses.</summary>
    public int ExpertsUsed { get; init; }

    /// <summary>Query heads that share a KV head.</summary>
    public int Group => Heads / KvHeads;

    /// <summary>Shape of a page of the KV cache: heads are padded to 32 elements.</summary>
    /// <param name="type">Element type.</param>
    public KvLayout KvLayout(KvType type) => new(Layers, KvHeads, (HeadDim + 31) & ~31, type);
}
