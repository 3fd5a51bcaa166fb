using System.Globalization;
using Konko.Engine.Gguf;

namespace Konko.Server.Tests.Support;

/// <summary>A llama file of any shape with random Q4_0 weights and the vocabulary of Llama and Mistral. What it says is noise.</summary>
internal sealed record SyntheticModel
{
    private const int BlockWeights = 32;
    private const int BlockBytes = 18;
    private const int PoolBlocks = 4096;

    public int Layers { get; init; } = 2;

    public int Width { get; init; } = 64;

    public int FeedForward { get; init; } = 128;

    public int Heads { get; init; } = 4;

    public int KvHeads { get; init; } = 2;

    public uint Context { get; init; } = 512;

    public uint Window { get; init; }

    /// <summary>What the file says of itself beside the shape.</summary>
    public Action<GgufWriter> Metadata { get; init; } = _ => { };

    /// <summary>Writes the file.</summary>
    public void Write(string path) => Write(path, 0, 1);

    /// <summary>Writes the model split into two files; <paramref name="prefix"/> is what their names begin with.</summary>
    public string WriteSplit(string prefix)
    {
        for (int part = 0; part < 2; part++) Write(string.Create(CultureInfo.InvariantCulture, $"{prefix}-{part + 1:D5}-of-00002.gguf"), part, 2);
        return prefix + "-00001-of-00002.gguf";
    }

    private void Write(string path, int part, int parts)
    {
        var writer = new GgufWriter();
        if (part == 0) WriteKeys(writer);
        else writer.Set("general.architecture", "llama");
        (string Name, long[] Dimensions)[] tensors = [.. Tensors()];
        if (parts > 1)
        {
            writer.Set("split.no", (uint)part);
            writer.Set("split.count", (uint)parts);
            writer.Set("split.tensors.count", tensors.Length);
        }

        var random = new Random(1 + part);
        for (int i = part; i < tensors.Length; i += parts)
        {
            (string name, long[] dimensions) = tensors[i];
            if (dimensions.Length == 1) writer.AddTensor(name, GgmlType.F32, dimensions, Ones(dimensions[0]));
            else writer.AddTensor(name, GgmlType.Q4_0, dimensions, stream => WriteBlocks(stream, dimensions, random));
        }

        using FileStream file = File.Create(path);
        using var buffered = new BufferedStream(file, 1 << 20);
        writer.Write(buffered);
    }

    private void WriteKeys(GgufWriter writer)
    {
        using (GgufFile vocabulary = GgufFile.Open(Repository.Reference("vocab", "llama-spm.gguf")!)) writer.CopyMetadata(vocabulary.Metadata);
        writer.Set("general.architecture", "llama");
        writer.Set("general.name", "synthetic");
        writer.Set("llama.block_count", (uint)Layers);
        writer.Set("llama.context_length", Context);
        writer.Set("llama.embedding_length", (uint)Width);
        writer.Set("llama.feed_forward_length", (uint)FeedForward);
        writer.Set("llama.attention.head_count", (uint)Heads);
        writer.Set("llama.attention.head_count_kv", (uint)KvHeads);
        writer.Set("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        writer.Set("llama.rope.dimension_count", (uint)(Width / Heads));
        writer.Set("llama.rope.freq_base", 10000f);
        if (Window > 0) writer.Set("llama.attention.sliding_window", Window);
        Metadata(writer);
    }

    private IEnumerable<(string Name, long[] Dimensions)> Tensors()
    {
        const int vocabulary = 32000;
        long keys = Width / Heads * KvHeads;
        yield return ("token_embd.weight", [Width, vocabulary]);
        yield return ("output_norm.weight", [Width]);
        yield return ("output.weight", [Width, vocabulary]);
        for (int layer = 0; layer < Layers; layer++)
        {
            string name = $"blk.{layer}.";
            yield return (name + "attn_norm.weight", [Width]);
            yield return (name + "attn_q.weight", [Width, Width]);
            yield return (name + "attn_k.weight", [Width, keys]);
            yield return (name + "attn_v.weight", [Width, keys]);
            yield return (name + "attn_output.weight", [Width, Width]);
            yield return (name + "ffn_norm.weight", [Width]);
            yield return (name + "ffn_gate.weight", [Width, FeedForward]);
            yield return (name + "ffn_up.weight", [Width, FeedForward]);
            yield return (name + "ffn_down.weight", [FeedForward, Width]);
        }
    }

    private static byte[] Ones(long count) => [.. Enumerable.Repeat(BitConverter.GetBytes(1f), (int)count).SelectMany(bytes => bytes)];

    // A few thousand random blocks over and over: nobody looks at the weights, and gigabytes of them are made in seconds.
    private static void WriteBlocks(Stream stream, long[] dimensions, Random random)
    {
        byte[] pool = new byte[PoolBlocks * BlockBytes];
        random.NextBytes(pool);
        byte[] scale = BitConverter.GetBytes((Half)(0.6 / Math.Sqrt(dimensions[0]) / 4.6));
        for (int block = 0; block < PoolBlocks; block++) scale.CopyTo(pool, block * BlockBytes);
        for (long left = dimensions[0] / BlockWeights * dimensions[1] * BlockBytes; left > 0; left -= pool.Length)
            stream.Write(pool, 0, (int)Math.Min(left, pool.Length));
    }
}
