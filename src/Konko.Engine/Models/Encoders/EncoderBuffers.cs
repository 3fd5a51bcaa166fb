using Konko.Engine.Kernels;

namespace Konko.Engine.Models.Encoders;

/// <summary>The memory between the stages of a step, made for a number of tokens.</summary>
internal sealed class EncoderBuffers : IDisposable
{
    /// <summary>Room for a step.</summary>
    /// <param name="shape">The model's numbers.</param>
    /// <param name="tokens">Most tokens of the step.</param>
    /// <param name="longest">Most tokens of a text.</param>
    /// <param name="threads">Threads of the team.</param>
    public EncoderBuffers(EncoderShape shape, int tokens, int longest, int threads)
    {
        (Tokens, Longest) = (tokens, longest);
        Stride = (shape.Width + 15) & ~15;
        UpStride = (shape.FeedForward + 15) & ~15;
        Residual = new AlignedBuffer<float>((long)tokens * Stride);
        Query = new AlignedBuffer<float>((long)tokens * Stride);
        Key = new AlignedBuffer<float>((long)tokens * Stride);
        Value = new AlignedBuffer<float>((long)tokens * Stride);
        Up = new AlignedBuffer<float>((long)tokens * UpStride);
        Activations = new Activations(tokens, Math.Max(shape.Width, shape.FeedForward));
        long scratch = BidirectionalAttention.ScratchFloats(longest, shape.HeadDim);
        Scales = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer<float>(PanelScales.MostExpandedWords(Math.Max(shape.Width, shape.FeedForward))))];
        Scratch = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer<float>(scratch))];
    }

    /// <summary>Tokens there is room for.</summary>
    public int Tokens { get; }

    /// <summary>Tokens of a text there is room for.</summary>
    public int Longest { get; }

    /// <summary>Floats from one token to the next, but for <see cref="Up"/>.</summary>
    public int Stride { get; }

    /// <summary>The same of <see cref="Up"/>.</summary>
    public int UpStride { get; }

    /// <summary>[token][Width].</summary>
    public AlignedBuffer<float> Residual { get; }

    /// <summary>[token][Width]: queries, then what attention made of them.</summary>
    public AlignedBuffer<float> Query { get; }

    /// <summary>[token][Width].</summary>
    public AlignedBuffer<float> Key { get; }

    /// <summary>[token][Width].</summary>
    public AlignedBuffer<float> Value { get; }

    /// <summary>[token][FeedForward].</summary>
    public AlignedBuffer<float> Up { get; }

    /// <summary>What the next products read.</summary>
    public Activations Activations { get; }

    /// <summary>Each thread's memory for matrix products.</summary>
    public IReadOnlyList<AlignedBuffer<float>> Scales { get; }

    /// <summary>Each thread's memory for attention.</summary>
    public IReadOnlyList<AlignedBuffer<float>> Scratch { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Residual.Dispose();
        Query.Dispose();
        Key.Dispose();
        Value.Dispose();
        Up.Dispose();
        Activations.Dispose();
        foreach (AlignedBuffer<float> scratch in Scratch.Concat(Scales)) scratch.Dispose();
    }
}
