namespace Konko.Engine.Models;

/// <summary>A loaded encoder: the tokens of whole texts in, one vector of unit length for each out.</summary>
/// <remarks>
/// A text's vector depends only on its own tokens, bit for bit (docs/arithmetic.md): never on what else shares the
/// step, its place in it, the number of threads, or the width of the vectors. One caller at a time.
/// </remarks>
public abstract class EmbeddingModel : IDisposable
{
    /// <summary>Number of token ids.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Most tokens of a text.</summary>
    public abstract int ContextLength { get; }

    /// <summary>Elements of a vector.</summary>
    public abstract int Dimensions { get; }

    /// <summary>Runs one step: fills the vector of every text of the batch.</summary>
    /// <param name="batch">The texts, at least one, each of 1 … <see cref="ContextLength"/> tokens.</param>
    /// <exception cref="ArgumentException">A text has no tokens or too many, or a token is outside the vocabulary.</exception>
    public abstract void Embed(EmbeddingBatch batch);

    /// <inheritdoc/>
    public abstract void Dispose();
}
