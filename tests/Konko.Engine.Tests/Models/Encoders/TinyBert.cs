using System.Runtime.InteropServices;
using Konko.Engine.Gguf;
using Konko.Engine.Gguf.Quants;
using Konko.Engine.Models;

namespace Konko.Engine.Tests.Models.Encoders;

/// <summary>Small random BERTs: the numbers as they were drawn, and files of them.</summary>
internal sealed class TinyBert
{
    public const int Context = 320;

    private readonly Random _random;
    private readonly Dictionary<string, (float[] Values, int Columns)> _tensors = [];
    private readonly List<string> _order = [];

    /// <summary>A model; the same seed and shape, the same numbers.</summary>
    public TinyBert(int width = 64, int heads = 2, int feedForward = 96, int layers = 2, int seed = 1)
    {
        (Width, Heads, FeedForward, Layers) = (width, heads, feedForward, layers);
        _random = new Random(seed);
        Matrix("token_embd.weight", Words.Length, width, 1);
        Matrix("position_embd.weight", Context, width, 0.3);
        Matrix("token_types.weight", 2, width, 0.3);
        Norm("token_embd_norm");
        for (int i = 0; i < layers; i++)
        {
            foreach (string name in (string[])["attn_q", "attn_k", "attn_v", "attn_output"]) Biased($"blk.{i}.{name}", width, width);
            Norm($"blk.{i}.attn_output_norm");
            Biased($"blk.{i}.ffn_up", feedForward, width);
            Biased($"blk.{i}.ffn_down", width, feedForward);
            Norm($"blk.{i}.layer_output_norm");
        }
    }

    public static string[] Words { get; } =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", .. "abcdefghijklmnopqrstuvwxyz".SelectMany(c => (string[])["▁" + c, c.ToString()]), "▁the", "▁fox", "▁."];

    public int Width { get; }

    public int Heads { get; }

    public int FeedForward { get; }

    public int Layers { get; }

    /// <summary>A tensor's numbers, row after row.</summary>
    public float[] this[string name] => _tensors[name].Values;

    /// <summary>A writer with the model in it.</summary>
    /// <param name="type">Of the layers' matrices and the token embeddings.</param>
    /// <param name="pooling">As in <c>bert.pooling_type</c>.</param>
    /// <param name="special">Another type for the matrices whose names hold this.</param>
    public GgufWriter Writer(GgmlType type, int pooling = 1, (string Name, GgmlType Type)? special = null)
    {
        var writer = new GgufWriter();
        writer.Set("general.architecture", "bert");
        writer.Set("bert.block_count", (uint)Layers);
        writer.Set("bert.context_length", (uint)Context);
        writer.Set("bert.embedding_length", (uint)Width);
        writer.Set("bert.feed_forward_length", (uint)FeedForward);
        writer.Set("bert.attention.head_count", (uint)Heads);
        writer.Set("bert.attention.layer_norm_epsilon", 1e-12f);
        writer.Set("bert.attention.causal", false);
        writer.Set("bert.pooling_type", (uint)pooling);
        writer.Set("tokenizer.ggml.model", "bert");
        writer.Set("tokenizer.ggml.tokens", Words);
        writer.Set("tokenizer.ggml.token_type", (ReadOnlySpan<int>)[.. Words.Select(word => word[0] == '[' ? 3 : 1)]);
        writer.Set("tokenizer.ggml.bos_token_id", 2u);
        writer.Set("tokenizer.ggml.seperator_token_id", 3u);
        writer.Set("tokenizer.ggml.unknown_token_id", 1u);
        foreach (string name in _order)
        {
            (float[] values, int columns) = _tensors[name];
            bool matrix = values.Length > columns;
            GgmlType own = !IsRounded(name) ? GgmlType.F32
                : special is { } one && name.Contains(one.Name, StringComparison.Ordinal) ? one.Type : type;
            writer.AddTensor(name, own, matrix ? [columns, values.Length / columns] : [columns], Bytes(own, values, columns));
        }

        return writer;
    }

    /// <summary>Makes the numbers those that a file of the type holds.</summary>
    public void Round(GgmlType type)
    {
        foreach (string name in _order.Where(IsRounded))
        {
            (float[] values, int columns) = _tensors[name];
            byte[] bytes = Bytes(type, values, columns);
            int rowBytes = (int)GgmlTypeInfo.Of(type).RowBytes(columns);
            for (int row = 0; row < values.Length / columns; row++)
                Dequantizer.Row(type, bytes.AsSpan(row * rowBytes, rowBytes), values.AsSpan(row * columns, columns));
        }
    }

    /// <summary>The model, loaded from a file.</summary>
    public static EmbeddingModel Load(GgufWriter writer, int threads = 2)
    {
        using var folder = new Tests.Gguf.TemporaryFolder();
        using GgufFile file = Tests.Gguf.SmallGguf.Open(folder, writer);
        return EncoderLoader.Load(file, threads).Model;
    }

    private bool IsRounded(string name)
        => _tensors[name].Values.Length > _tensors[name].Columns && !name.StartsWith("position", StringComparison.Ordinal) && !name.StartsWith("token_types", StringComparison.Ordinal);

    private static byte[] Bytes(GgmlType type, float[] values, int columns)
    {
        if (type == GgmlType.F32) return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        int rowBytes = (int)GgmlTypeInfo.Of(type).RowBytes(columns);
        byte[] bytes = new byte[values.Length / columns * rowBytes];
        for (int row = 0; row < values.Length / columns; row++)
            Quantizer.Row(type, values.AsSpan(row * columns, columns), bytes.AsSpan(row * rowBytes, rowBytes));
        return bytes;
    }

    private void Biased(string name, int rows, int columns)
    {
        Matrix(name + ".weight", rows, columns, 1.5 / Math.Sqrt(columns));
        Matrix(name + ".bias", 1, rows, 0.2);
    }

    private void Norm(string name)
    {
        Matrix(name + ".weight", 1, Width, 0.2);
        for (int i = 0; i < Width; i++) this[name + ".weight"][i] += 1;
        Matrix(name + ".bias", 1, Width, 0.2);
    }

    private void Matrix(string name, int rows, int columns, double scale)
    {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.Length; i++) values[i] = (float)((_random.NextDouble() * 2 - 1) * scale * 1.7);
        _tensors.Add(name, (values, columns));
        _order.Add(name);
    }
}
