namespace Konko.Engine.Cache;

/// <summary>Element type of the KV cache.</summary>
public enum KvType
{
    /// <summary>bfloat16, rounded to nearest even: the default.</summary>
    BFloat16,

    /// <summary>float32.</summary>
    Float32,
}

/// <summary>Shape of a KV page: 32 positions of every layer and KV head.</summary>
/// <param name="Layers">Number of layers that keep keys and values.</param>
/// <param name="KvHeads">KV heads a layer.</param>
/// <param name="HeadDim">Width of a head, in elements.</param>
/// <param name="Type">Element type.</param>
/// <remarks>Within a page: [layer][head]{ K as [HeadDim][32], V as [32][HeadDim] }, so that attention needs no horizontal sums.</remarks>
public sealed record KvLayout(int Layers, int KvHeads, int HeadDim, KvType Type)
{
    /// <summary>Positions of a page.</summary>
    public const int PagePositions = 32;

    /// <summary>Bytes of an element.</summary>
    public int ElementBytes => Type == KvType.Float32 ? 4 : 2;

    /// <summary>Bytes of a head's keys and values within a page.</summary>
    public long HeadBytes => 2L * HeadDim * PagePositions * ElementBytes;

    /// <summary>Bytes of a layer within a page.</summary>
    public long LayerBytes => KvHeads * HeadBytes;

    /// <summary>Bytes of a page.</summary>
    public long PageBytes => Layers * LayerBytes;
}
