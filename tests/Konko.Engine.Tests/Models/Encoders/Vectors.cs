using System.Runtime.InteropServices;
using Konko.Engine.Models;

namespace Konko.Engine.Tests.Models.Encoders;

/// <summary>Runs texts through an encoder.</summary>
internal static class Vectors
{
    /// <summary>The vectors of texts that share a step.</summary>
    public static float[][] Of(EmbeddingModel model, params int[][] texts)
    {
        var batch = new EmbeddingBatch();
        foreach (int[] text in texts) batch.Add(text, new float[model.Dimensions]);
        model.Embed(batch);
        return [.. batch.Texts.Select(text => text.Vector)];
    }

    /// <summary>Random texts of random lengths.</summary>
    public static int[][] Texts(int count, int longest, int vocabulary, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (int[])[.. Enumerable.Range(0, random.Next(1, longest + 1)).Select(_ => random.Next(vocabulary))])];
    }

    /// <summary>Whether two vectors are the same to the bit.</summary>
    public static bool SameBits(float[] a, float[] b) => MemoryMarshal.AsBytes(a.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(b.AsSpan()));
}
