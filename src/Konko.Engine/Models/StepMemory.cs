using Konko.Engine.Kernels;
using Konko.Engine.Models.Encoders;
using Konko.Engine.Scheduling;

namespace Konko.Engine.Models;

/// <summary>Counts what a model's steps work in, before any of it is taken.</summary>
internal static class StepMemory
{
    /// <summary>Bytes of buffers, logits and tables of angles when all of them are as full as they can be.</summary>
    /// <param name="shape">The model's numbers.</param>
    /// <param name="ropes">Tables of angles.</param>
    /// <param name="tokens">Most tokens of a step.</param>
    /// <param name="threads">Threads of the team.</param>
    /// <param name="running">Most sequences that run together.</param>
    /// <param name="context">Most positions of a sequence.</param>
    public static long Bytes(DecoderShape shape, int ropes, int tokens, int threads, int running, int context)
    {
        long queries = (long)shape.Heads * shape.HeadDim, keys = (long)shape.KvHeads * shape.HeadDim;
        long widest = Math.Max(Math.Max(shape.Width, shape.FeedForward), queries);
        long floats = tokens * (2L * Pad(shape.Width) + Pad(queries) + 2 * (Pad(keys) + 32) + 2L * Pad(shape.FeedForward));
        long bytes = sizeof(float) * floats + Activations(tokens, widest) + threads * (Activations(Kernels.Activations.TileTokens, widest) + Scales(widest))
            + Activations(tokens, shape.FeedForward) + threads * 2L * StepBuffers.GateTokens * PanelFormats.Block * sizeof(float);
        if (shape.Experts > 0)
        {
            long slots = (long)tokens * shape.ExpertsUsed + shape.Experts * (Kernels.Activations.TileTokens - 1L);
            bytes += Activations(slots, Math.Max(shape.Width, shape.FeedForward));
            bytes += sizeof(float) * (tokens * Pad(shape.Experts) + slots * (2L * Pad(shape.FeedForward) + Pad(shape.Width)));
        }

        bytes += sizeof(float) * (long)(running + ContinuousBatch.MaxScoredRows) * Pad(shape.VocabularySize);
        return bytes + (long)ropes * context * shape.RopeDims * sizeof(float);
    }

    /// <summary>Bytes of what an encoder's steps work in.</summary>
    /// <param name="shape">The model's numbers.</param>
    /// <param name="tokens">Most tokens of a step.</param>
    /// <param name="threads">Threads of the team.</param>
    public static long Bytes(EncoderShape shape, int tokens, int threads)
        => sizeof(float) * (tokens * (4 * Pad(shape.Width) + Pad(shape.FeedForward)) + threads * BidirectionalAttention.ScratchFloats(shape.ContextLength, shape.HeadDim))
            + Activations(tokens, Math.Max(shape.Width, shape.FeedForward)) + threads * Scales(Math.Max(shape.Width, shape.FeedForward));

    // Floats, int8 and a record a block of 32, of whole tiles.
    private static long Activations(long tokens, long columns)
    {
        long stride = (columns + 31) & ~31L, tiles = (tokens + Kernels.Activations.TileTokens - 1) / Kernels.Activations.TileTokens;
        return tokens * stride * sizeof(float) + tiles * (Kernels.Activations.TileTokens * stride + stride / 32 * Kernels.Activations.RecordWords * sizeof(float));
    }

    private static long Scales(long columns) => sizeof(float) * PanelScales.MostExpandedWords((int)columns);

    private static long Pad(long count) => (count + 15) & ~15L;
}
