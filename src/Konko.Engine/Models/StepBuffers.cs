using Konko.Engine.Kernels;

namespace Konko.Engine.Models;

/// <summary>The memory that a step works in, sized once for its most tokens.</summary>
internal sealed class StepBuffers : IDisposable
{
    /// <summary>Room for steps of up to <paramref name="tokens"/> tokens.</summary>
    /// <param name="shape">The model's numbers.</param>
    /// <param name="tokens">Most tokens of a step.</param>
    /// <param name="threads">Threads of the team.</param>
    public StepBuffers(DecoderShape shape, int tokens, int threads)
    {
        ResidualStride = Pad(shape.Width);
        QueryStride = Pad(shape.Heads * shape.HeadDim);
        // A head's value is read in 32s; the last head's tail must lie within the row.
        KeyStride = Pad(shape.KvHeads * shape.HeadDim) + 32;
        FeedForwardStride = Pad(shape.FeedForward);
        Residual = new AlignedBuffer<float>((long)tokens * ResidualStride);
        Branch = new AlignedBuffer<float>((long)tokens * ResidualStride);
        Query = new AlignedBuffer<float>((long)tokens * QueryStride);
        Key = new AlignedBuffer<float>((long)tokens * KeyStride);
        Value = new AlignedBuffer<float>((long)tokens * KeyStride);
        Gate = new AlignedBuffer<float>((long)tokens * FeedForwardStride);
        Up = new AlignedBuffer<float>((long)tokens * FeedForwardStride);
        int widest = Math.Max(Math.Max(shape.Width, shape.FeedForward), shape.Heads * shape.HeadDim);
        Shared = new Activations(tokens, widest);
        Scratch = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer<float>(PanelScales.MostExpandedWords(widest)))];
        Gated = new Activations(tokens, shape.FeedForward, values: false);
        GateScratch = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer<float>(2L * GateTokens * PanelFormats.Block))];
        Private = [.. Enumerable.Range(0, threads).Select(_ => new Activations(Activations.TileTokens, widest))];
    }

    /// <summary>Tokens whose gates are worked on together: their activations stay in a core's second cache.</summary>
    public const int GateTokens = 128;

    /// <summary>Floats from one token's residual to the next.</summary>
    public int ResidualStride { get; }

    /// <summary>Floats from one token's queries to the next.</summary>
    public int QueryStride { get; }

    /// <summary>Floats from one token's keys (or values) to the next.</summary>
    public int KeyStride { get; }

    /// <summary>Floats from one token's gates (or ups) to the next.</summary>
    public int FeedForwardStride { get; }

    /// <summary>The residual stream, [token][Width].</summary>
    public AlignedBuffer<float> Residual { get; }

    /// <summary>A block's output that is worked on before it joins the residual, [token][Width].</summary>
    public AlignedBuffer<float> Branch { get; }

    /// <summary>[token][Heads · HeadDim].</summary>
    public AlignedBuffer<float> Query { get; }

    /// <summary>[token][KvHeads · HeadDim].</summary>
    public AlignedBuffer<float> Key { get; }

    /// <summary>[token][KvHeads · HeadDim].</summary>
    public AlignedBuffer<float> Value { get; }

    /// <summary>[token][FeedForward].</summary>
    public AlignedBuffer<float> Gate { get; }

    /// <summary>[token][FeedForward].</summary>
    public AlignedBuffer<float> Up { get; }

    /// <summary>Activations that all threads make together.</summary>
    public Activations Shared { get; }

    /// <summary>Activations of each thread, for steps so small that making them twice is cheaper than a stage of its own.</summary>
    public IReadOnlyList<Activations> Private { get; }

    /// <summary>The gated feed-forward activations of all tokens, as int8 only.</summary>
    public Activations Gated { get; }

    /// <summary>Each thread's gates and ups of a block of columns, [2][GateTokens][32].</summary>
    public IReadOnlyList<AlignedBuffer<float>> GateScratch { get; }

    /// <summary>Each thread's scratch for matrix products.</summary>
    public IReadOnlyList<AlignedBuffer<float>> Scratch { get; }

    /// <summary>How many tokens a step may have so that the buffers stay small beside the model.</summary>
    /// <param name="shape">The model's numbers.</param>
    /// <param name="wanted">Most tokens wanted.</param>
    /// <param name="fileBytes">Size of the model's file.</param>
    public static int Fit(DecoderShape shape, int wanted, long fileBytes)
    {
        long floats = 2L * shape.Width + (shape.Heads + 2L * shape.KvHeads) * shape.HeadDim + 2L * shape.FeedForward;
        long perToken = 8 * floats * Math.Max(1, shape.ExpertsUsed);
        return (int)Math.Clamp((fileBytes / 4 + (24 << 20)) / perToken, 1, wanted);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Residual.Dispose();
        Branch.Dispose();
        Query.Dispose();
        Key.Dispose();
        Value.Dispose();
        Gate.Dispose();
        Up.Dispose();
        Shared.Dispose();
        foreach (Activations activations in Private) activations.Dispose();
        Gated.Dispose();
        foreach (AlignedBuffer<float> scratch in Scratch) scratch.Dispose();
        foreach (AlignedBuffer<float> scratch in GateScratch) scratch.Dispose();
    }

    private static int Pad(int count) => (count + 15) & ~15;
}
