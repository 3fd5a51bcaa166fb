namespace Konko.Engine.Models.Encoders;

/// <summary>The numbers of an encoder.</summary>
internal sealed record EncoderShape
{
    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream, and of an embedding.</summary>
    public required int Width { get; init; }

    /// <summary>Width of the feed-forward block.</summary>
    public required int FeedForward { get; init; }

    /// <summary>Heads a layer; divides <see cref="Width"/>.</summary>
    public required int Heads { get; init; }

    /// <summary>ε of the norms.</summary>
    public required float NormEpsilon { get; init; }

    /// <summary>Most tokens of a text.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Number of token ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>How a text's vector is made.</summary>
    public required Pooling Pooling { get; init; }

    /// <summary>Width of a head.</summary>
    public int HeadDim => Width / Heads;
}
