using Konko.Engine.Gguf;
using Konko.Engine.Kernels;

namespace Konko.Engine.Models;

/// <summary>What descriptions of architectures are written with: the file's numbers, and the blocks that most models share.</summary>
/// <remarks>
/// A description gives the shape, then the weights; anything it does not mention is the plain Llama block. Everything is
/// checked here: numbers against their ranges, tensors against the shape.
/// </remarks>
internal sealed class DecoderBuilder
{
    private readonly TensorLoader _load;
    private readonly List<RopeTable> _ropes = [];

    /// <summary>A builder for a file, over the loader that will fill what is asked for.</summary>
    public DecoderBuilder(TensorLoader load)
    {
        _load = load;
        Shape = ReadShape();
    }

    /// <summary>The file's metadata.</summary>
    public GgufMetadata Metadata => _load.Metadata;

    /// <summary>The numbers; a description may change them before it asks for weights.</summary>
    public DecoderShape Shape { get; set; }

    /// <summary>Whether rotary pairs are neighbours in the file (llama) instead of halves apart.</summary>
    public bool PairedRope { get; init; }

    /// <summary>The angles of most layers; made when first asked for.</summary>
    public RopeTable Rope => field ??= AddRope(null, true);

    /// <summary>The weights of a decoder whose layers are given.</summary>
    /// <param name="layer">Describes a layer by its index.</param>
    /// <exception cref="GgufException">A tensor is missing, of another shape, or one that the description does not know.</exception>
    public DecoderWeights Decoder(Func<int, DecoderLayer> layer)
    {
        PackedMatrix embedding = _load.Matrix("token_embd.weight", Shape.VocabularySize, Shape.Width);
        var weights = new DecoderWeights
        {
            Embedding = embedding,
            Layers = [.. Enumerable.Range(0, Shape.Layers).Select(layer)],
            OutputNorm = _load.Vector("output_norm.weight", Shape.Width),
            Head = _load.Has("output.weight") ? _load.Matrix("output.weight", Shape.VocabularySize, Shape.Width) : embedding,
            Ropes = _ropes,
            Memory = _load.Memory,
        };
        _load.RequireNoOther();
        return weights;
    }

    /// <summary>The plain block: norms before, projections (one matrix or three) with biases where the file has them, gated feed-forward (one matrix or two) or experts.</summary>
    /// <param name="index">The layer.</param>
    /// <param name="attentionNorm">The norm before attention; null where the architecture has none, for a file that only lost its own must not run without.</param>
    /// <param name="feedForwardNorm">The norm before the feed-forward, likewise.</param>
    public DecoderLayer Layer(int index, string? attentionNorm = "attn_norm.weight", string? feedForwardNorm = "ffn_norm.weight")
    {
        int paired = PairedRope ? Shape.HeadDim : 0;
        int queries = Shape.Heads * Shape.HeadDim, keys = Shape.KvHeads * Shape.HeadDim, all = queries + 2 * keys;
        string fused = Name(index, "attn_qkv.weight");
        ExpertRouter? router = Router(index);
        string experts = router is null ? ".weight" : "_exps.weight";
        int count = router is null ? 1 : Shape.Experts, feedForward = count * Shape.FeedForward;
        string gate = Name(index, "ffn_gate" + experts), up = Name(index, "ffn_up" + experts);
        bool separate = _load.Has(gate);
        return new DecoderLayer
        {
            AttentionNorm = attentionNorm is null ? null : Vector(index, attentionNorm, Shape.Width),
            Query = Projection(fused, 0, all, Name(index, "attn_q.weight"), queries, paired),
            Key = Projection(fused, queries, all, Name(index, "attn_k.weight"), keys, paired),
            Value = Projection(fused, queries + keys, all, Name(index, "attn_v.weight"), keys, 0),
            Output = _load.Matrix(Name(index, "attn_output.weight"), Shape.Width, queries),
            QueryBias = OptionalVector(Name(index, "attn_q.bias"), queries, paired),
            KeyBias = OptionalVector(Name(index, "attn_k.bias"), keys, paired),
            ValueBias = OptionalVector(Name(index, "attn_v.bias"), keys),
            OutputBias = OptionalVector(Name(index, "attn_output.bias"), Shape.Width),
            Rope = Rope,
            FeedForwardNorm = feedForwardNorm is null ? null : Vector(index, feedForwardNorm, Shape.Width),
            Router = router,
            Gate = separate ? _load.Matrix(gate, feedForward, Shape.Width) : _load.Rows(up, 0, feedForward, 2 * feedForward, Shape.Width),
            Up = separate ? _load.Matrix(up, feedForward, Shape.Width) : _load.Rows(up, feedForward, feedForward, 2 * feedForward, Shape.Width),
            Down = _load.Matrix(Name(index, "ffn_down" + experts), count * Shape.Width, Shape.FeedForward),
        };
    }

    /// <summary>Looks whether tensors are there that the plain block takes or leaves, and this architecture needs.</summary>
    /// <exception cref="GgufException">One is missing.</exception>
    public void Require(int layer, params ReadOnlySpan<string> names)
    {
        foreach (string name in names) _load.Require(Name(layer, name));
    }

    /// <summary>A vector of a layer.</summary>
    public AlignedBuffer<float> Vector(int layer, string name, int count) => _load.Vector(Name(layer, name), count);

    /// <summary>A norm of queries or keys.</summary>
    public NormWeight Norm(int layer, string name, int width) => new(Vector(layer, name, width), width);

    /// <summary>Another table of angles.</summary>
    /// <param name="base">Its base; null is the file's.</param>
    /// <param name="scaled">Whether the file's scaling applies.</param>
    public RopeTable AddRope(double? @base, bool scaled)
    {
        RopeTable table = RopeScaling.Table(Metadata, Shape, name => _load.Has(name) ? _load.ReadVector(name, Shape.RopeDims / 2) : null, @base, scaled);
        _ropes.Add(table);
        return table;
    }

    /// <summary>A whole number of the architecture's keys, or the default where it is given and the file has none.</summary>
    /// <exception cref="GgufException">Missing or out of range.</exception>
    public int Int(string suffix, int least, int most, int? otherwise = null)
    {
        string key = Metadata.Key(suffix);
        int value = otherwise is int given ? Metadata.FindInt32(key) ?? given : Metadata.GetInt32(key);
        return value >= least && value <= most ? value : throw Metadata.Wrong(key, $"{value} is not within {least} … {most}");
    }

    /// <summary>A positive number of the architecture's keys, or the default.</summary>
    public float Float(string suffix, float otherwise)
    {
        string key = Metadata.Key(suffix);
        float value = Metadata.FindFloat(key) ?? otherwise;
        return value is >= 0 and < 1e9f ? value : throw Metadata.Wrong(key, $"{value} is out of range");
    }

    private PackedMatrix Projection(string fused, int firstRow, int allRows, string name, int rows, int paired)
        => _load.Has(fused)
            ? _load.Rows(fused, firstRow, rows, allRows, Shape.Width)
            : _load.Matrix(name, rows, Shape.Width, paired, Shape.RopeDims);

    private static string Name(int layer, string name) => $"blk.{layer}.{name}";

    private AlignedBuffer<float>? OptionalVector(string name, int count, int paired = 0)
        => _load.Has(name) ? _load.Vector(name, count, paired, Shape.RopeDims) : null;

    private ExpertRouter? Router(int layer)
    {
        if (Shape.Experts == 0) return null;
        return new ExpertRouter
        {
            Weights = _load.Matrix(Name(layer, "ffn_gate_inp.weight"), Shape.Experts, Shape.Width),
            Bias = OptionalVector(Name(layer, "ffn_gate_inp.bias"), Shape.Experts),
            GateBias = OptionalVector(Name(layer, "ffn_gate_exps.bias"), Shape.Experts * Shape.FeedForward),
            UpBias = OptionalVector(Name(layer, "ffn_up_exps.bias"), Shape.Experts * Shape.FeedForward),
            DownBias = OptionalVector(Name(layer, "ffn_down_exps.bias"), Shape.Experts * Shape.Width),
        };
    }

    private DecoderShape ReadShape()
    {
        int width = Int("embedding_length", 1, 1 << 20);
        int heads = Int("attention.head_count", 1, 1 << 12);
        int kvHeads = Int("attention.head_count_kv", 1, heads, heads);
        if (heads % kvHeads != 0) throw Metadata.Wrong(Metadata.Key("attention.head_count_kv"), $"{kvHeads} does not divide the {heads} query heads");
        int headDim = Int("attention.key_length", 1, 1 << 12, Math.Max(1, width / heads));
        if (Int("attention.value_length", 1, 1 << 12, headDim) != headDim)
            throw Metadata.Wrong(Metadata.Key("attention.value_length"), "keys and values of different widths are not supported");
        int ropeDims = Int("rope.dimension_count", 1, headDim, headDim);
        if (ropeDims % 2 != 0) throw Metadata.Wrong(Metadata.Key("rope.dimension_count"), $"{ropeDims} is odd");
        int experts = Int("expert_count", 0, 1 << 12, 0);
        int vocabulary = Metadata.FindStrings("tokenizer.ggml.tokens")?.Count ?? Int("vocab_size", 1, 1 << 24);
        var shape = new DecoderShape
        {
            Layers = Int("block_count", 1, 1 << 12),
            Width = width,
            FeedForward = experts > 0 ? Int("expert_feed_forward_length", 1, 1 << 22, Int("feed_forward_length", 1, 1 << 22)) : Int("feed_forward_length", 1, 1 << 22),
            Heads = heads,
            KvHeads = kvHeads,
            HeadDim = headDim,
            RopeDims = ropeDims,
            NormEpsilon = Float("attention.layer_norm_rms_epsilon", 1e-5f),
            ContextLength = Int("context_length", 1, 1 << 28),
            VocabularySize = vocabulary,
            QueryScale = (float)(1 / Math.Sqrt(headDim)),
            Experts = experts,
            ExpertsUsed = experts > 0 ? Int("expert_used_count", 1, experts) : 0,
        };
        if (experts > 0 && (shape.FeedForward % PanelFormats.Rows != 0 || width % PanelFormats.Rows != 0))
            throw Metadata.Wrong(Metadata.Key("expert_count"), $"experts of widths that are not multiples of {PanelFormats.Rows} are not supported");
        return shape;
    }
}
