using Konko.Engine.Gguf;
using Konko.Engine.Kernels;

namespace Konko.Engine.Models.Encoders;

/// <summary>What descriptions of encoders are written with: the file's numbers and its tensors, checked against each other.</summary>
internal sealed class EncoderBuilder
{
    private readonly TensorLoader _load;

    /// <summary>A builder for a file, over the loader that will fill what is asked for.</summary>
    /// <exception cref="GgufException">A number is missing, out of range, or asks for what is not supported.</exception>
    public EncoderBuilder(TensorLoader load)
    {
        _load = load;
        Shape = ReadShape();
    }

    /// <summary>The numbers.</summary>
    public EncoderShape Shape { get; }

    private GgufMetadata Metadata => _load.Metadata;

    /// <summary>The weights of an encoder whose layers are given.</summary>
    /// <param name="layer">Describes a layer by its index.</param>
    public EncoderWeights Encoder(Func<int, EncoderLayer> layer) => new()
    {
        Embedding = _load.Matrix("token_embd.weight", Shape.VocabularySize, Shape.Width),
        Positions = Positions(),
        EmbeddingNorm = Norm("token_embd_norm"),
        Layers = [.. Enumerable.Range(0, Shape.Layers).Select(layer)],
        Memory = _load.Memory,
    };

    /// <summary>A matrix of a layer and its bias.</summary>
    public BiasedMatrix Matrix(int layer, string name, int rows, int columns)
        => new(_load.Matrix($"blk.{layer}.{name}.weight", rows, columns), _load.Vector($"blk.{layer}.{name}.bias", rows));

    /// <summary>A norm of a layer.</summary>
    public LayerNormWeights Norm(int layer, string name) => Norm($"blk.{layer}.{name}");

    private LayerNormWeights Norm(string name) => new(_load.Vector(name + ".weight", Shape.Width), _load.Vector(name + ".bias", Shape.Width));

    /// <summary>Texts have one segment: its vector, the first of the file's, belongs to every position.</summary>
    private unsafe AlignedBuffer<float> Positions()
    {
        int stride = (Shape.Width + 15) & ~15;
        if ((long)stride * Shape.ContextLength > int.MaxValue)
            throw Metadata.Wrong(Metadata.Key("context_length"), $"{Shape.ContextLength} positions of {Shape.Width} floats are too many");
        float[] segment = new float[Shape.Width], row = new float[Shape.Width];
        if (_load.Has("token_types.weight")) _load.ReadRow("token_types.weight", 0, null, segment);
        AlignedBuffer<float> positions = _load.Memory.Vector(stride * Shape.ContextLength);
        for (int position = 0; position < Shape.ContextLength; position++)
        {
            _load.ReadRow("position_embd.weight", position, Shape.ContextLength, row);
            if (_load.IsOutline) break;
            float* target = positions.Pointer + (long)position * stride;
            for (int i = 0; i < row.Length; i++) target[i] = row[i] + segment[i];
        }

        return positions;
    }

    private EncoderShape ReadShape()
    {
        int width = Int("embedding_length", 1, 1 << 20);
        int heads = Int("attention.head_count", 1, 1 << 12);
        if (width % heads != 0) throw Metadata.Wrong(Metadata.Key("attention.head_count"), $"{heads} does not divide the width of {width}");
        RequireIfGiven("attention.head_count_kv", heads, "shared keys and values");
        RequireIfGiven("attention.key_length", width / heads, "heads of another width");
        RequireIfGiven("attention.value_length", width / heads, "heads of another width");
        if (Metadata.FindBool(Metadata.Key("attention.causal")) is true)
            throw Metadata.Wrong(Metadata.Key("attention.causal"), "true: an encoder that sees only what came before is not supported");
        string epsilonKey = Metadata.Key("attention.layer_norm_epsilon");
        float epsilon = Metadata.GetFloat(epsilonKey);
        if (epsilon is not (>= 0 and < 1)) throw Metadata.Wrong(epsilonKey, $"{epsilon} is not within 0 … 1");
        return new EncoderShape
        {
            Layers = Int("block_count", 1, 1 << 12),
            Width = width,
            FeedForward = Int("feed_forward_length", 1, 1 << 22),
            Heads = heads,
            NormEpsilon = epsilon,
            ContextLength = Int("context_length", 1, 1 << 28),
            VocabularySize = Metadata.FindStrings("tokenizer.ggml.tokens")?.Count ?? Int("vocab_size", 1, 1 << 24),
            Pooling = ReadPooling(),
        };
    }

    private Pooling ReadPooling()
    {
        string key = Metadata.Key("pooling_type");
        int type = Metadata.GetInt32(key);
        return type switch
        {
            (int)Pooling.Mean or (int)Pooling.First or (int)Pooling.Last => (Pooling)type,
            0 => throw Metadata.Wrong(key, "0, no pooling: the model gives vectors of tokens and none of a text"),
            4 => throw Metadata.Wrong(key, "4, a ranking model: it gives scores of pairs and no embeddings, which is not supported"),
            _ => throw Metadata.Wrong(key, $"{type} is unknown; known are 1 (mean), 2 (first) and 3 (last)"),
        };
    }

    private void RequireIfGiven(string suffix, int value, string otherwise)
    {
        string key = Metadata.Key(suffix);
        if (Metadata.FindInt32(key) is int given && given != value) throw Metadata.Wrong(key, $"{given} instead of {value}: {otherwise} are not supported");
    }

    private int Int(string suffix, int least, int most)
    {
        string key = Metadata.Key(suffix);
        int value = Metadata.GetInt32(key);
        return value >= least && value <= most ? value : throw Metadata.Wrong(key, $"{value} is not within {least} … {most}");
    }
}
