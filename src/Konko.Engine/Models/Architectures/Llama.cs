using Konko.Engine.Gguf;
using Konko.Engine.Kernels;

namespace Konko.Engine.Models.Architectures;

/// <summary>The llama family: Llama 1–3, Mistral, SmolLM and everybody who kept to their shape.</summary>
internal static class Llama
{
    /// <summary>The numbers that the file gives.</summary>
    /// <exception cref="GgufException">A key is missing, out of range, or asks for what is not supported.</exception>
    public static DecoderShape Shape(GgufMetadata metadata)
    {
        int width = Positive(metadata, "embedding_length", 1 << 20);
        int heads = Positive(metadata, "attention.head_count", 1 << 12);
        int kvHeads = metadata.Contains(metadata.Key("attention.head_count_kv")) ? Positive(metadata, "attention.head_count_kv", heads) : heads;
        if (heads % kvHeads != 0) throw metadata.Wrong(metadata.Key("attention.head_count_kv"), $"{kvHeads} does not divide the {heads} query heads");
        int headDim = metadata.Contains(metadata.Key("attention.key_length")) ? Positive(metadata, "attention.key_length", 1 << 12) : width / heads;
        if (metadata.FindInt32(metadata.Key("attention.value_length")) is int valueLength && valueLength != headDim)
            throw metadata.Wrong(metadata.Key("attention.value_length"), "keys and values of different widths are not supported");
        int ropeDims = metadata.Contains(metadata.Key("rope.dimension_count")) ? Positive(metadata, "rope.dimension_count", headDim) : headDim;
        if (ropeDims % 2 != 0) throw metadata.Wrong(metadata.Key("rope.dimension_count"), $"{ropeDims} is odd");
        if (metadata.FindInt32(metadata.Key("expert_count")) is > 0) throw metadata.Wrong(metadata.Key("expert_count"), "experts are not supported");
        float epsilon = metadata.GetFloat(metadata.Key("attention.layer_norm_rms_epsilon"));
        if (!(epsilon is >= 0 and < 1)) throw metadata.Wrong(metadata.Key("attention.layer_norm_rms_epsilon"), $"{epsilon} is out of range");
        return new DecoderShape
        {
            Layers = Positive(metadata, "block_count", 1 << 12),
            Width = width,
            FeedForward = Positive(metadata, "feed_forward_length", 1 << 22),
            Heads = heads,
            KvHeads = kvHeads,
            HeadDim = headDim,
            RopeDims = ropeDims,
            NormEpsilon = epsilon,
            ContextLength = Positive(metadata, "context_length", 1 << 28),
            VocabularySize = metadata.FindStrings("tokenizer.ggml.tokens")?.Count ?? Positive(metadata, "vocab_size", 1 << 24),
            Window = metadata.FindInt32(metadata.Key("attention.sliding_window")) ?? 0,
        };
    }

    /// <summary>Asks the loader for all weights.</summary>
    /// <param name="shape">The numbers of <see cref="Shape"/>.</param>
    /// <param name="load">The loader.</param>
    public static DecoderWeights Weights(DecoderShape shape, TensorLoader load)
    {
        PackedMatrix embedding = load.Matrix("token_embd.weight", shape.VocabularySize, shape.Width);
        return new DecoderWeights
        {
            Embedding = embedding,
            Layers = [.. Enumerable.Range(0, shape.Layers).Select(i => Layer(shape, load, $"blk.{i}."))],
            OutputNorm = load.Vector("output_norm.weight", shape.Width),
            Head = load.Has("output.weight") ? load.Matrix("output.weight", shape.VocabularySize, shape.Width) : embedding,
            Rope = Rope(shape, load),
        };
    }

    private static DecoderLayer Layer(DecoderShape shape, TensorLoader load, string prefix) => new()
    {
        AttentionNorm = load.Vector(prefix + "attn_norm.weight", shape.Width),
        Query = load.Matrix(prefix + "attn_q.weight", shape.Heads * shape.HeadDim, shape.Width, shape.HeadDim, shape.RopeDims),
        Key = load.Matrix(prefix + "attn_k.weight", shape.KvHeads * shape.HeadDim, shape.Width, shape.HeadDim, shape.RopeDims),
        Value = load.Matrix(prefix + "attn_v.weight", shape.KvHeads * shape.HeadDim, shape.Width),
        Output = load.Matrix(prefix + "attn_output.weight", shape.Width, shape.Heads * shape.HeadDim),
        FeedForwardNorm = load.Vector(prefix + "ffn_norm.weight", shape.Width),
        Gate = load.Matrix(prefix + "ffn_gate.weight", shape.FeedForward, shape.Width),
        Up = load.Matrix(prefix + "ffn_up.weight", shape.FeedForward, shape.Width),
        Down = load.Matrix(prefix + "ffn_down.weight", shape.Width, shape.FeedForward),
    };

    private static RopeTable Rope(DecoderShape shape, TensorLoader load)
    {
        GgufMetadata metadata = load.Metadata;
        string typeKey = metadata.Key("rope.scaling.type");
        double scale = metadata.FindString(typeKey) switch
        {
            null or "none" or "" => metadata.FindFloat(metadata.Key("rope.scale_linear")) ?? 1,
            "linear" => metadata.FindFloat(metadata.Key("rope.scaling.factor")) ?? metadata.FindFloat(metadata.Key("rope.scale_linear")) ?? 1,
            string other => throw metadata.Wrong(typeKey, $"RoPE scaling '{other}' is not supported"),
        };
        if (!(scale > 0)) throw metadata.Wrong(metadata.Key("rope.scaling.factor"), $"{scale} is not a positive number");
        double @base = metadata.FindFloat(metadata.Key("rope.freq_base")) ?? 10000;
        if (!(@base > 0) || double.IsInfinity(@base)) throw metadata.Wrong(metadata.Key("rope.freq_base"), $"{@base} is not a positive number");
        float[]? factors = load.Has("rope_freqs.weight") ? load.ReadVector("rope_freqs.weight", shape.RopeDims / 2) : null;
        return new RopeTable(RopeTable.Frequencies(shape.RopeDims, @base, scale, factors));
    }

    private static int Positive(GgufMetadata metadata, string suffix, int most)
    {
        int value = metadata.GetInt32(metadata.Key(suffix));
        return value >= 1 && value <= most ? value : throw metadata.Wrong(metadata.Key(suffix), $"{value} is not within 1 … {most}");
    }
}
