using System.Globalization;
using Konko.Engine.Gguf.Quants;

namespace Konko.Engine.Gguf.Quantization;

/// <summary>What becomes of each tensor of a model, decided from names and shapes alone, before any weight is read.</summary>
public sealed class QuantizationPlan
{
    private const string Embedding = "token_embd.weight";
    private const string Head = "output.weight";
    private const string LayerPrefix = "blk.";

    // Small, and read in ways that a rounded weight would upset: routers decide, positions and kinds are added once.
    private static readonly string[] s_kept = ["_norm.", "ffn_gate_inp", "position_embd.", "token_types.", "rope_"];

    private QuantizationPlan(GgufFile file, QuantizationOptions options, IReadOnlyList<PlannedTensor> tensors)
    {
        File = file;
        Options = options;
        Tensors = tensors;
    }

    /// <summary>The model.</summary>
    public GgufFile File { get; }

    /// <summary>What was asked for.</summary>
    public QuantizationOptions Options { get; }

    /// <summary>All tensors in file order.</summary>
    public IReadOnlyList<PlannedTensor> Tensors { get; }

    /// <summary>Number of weights.</summary>
    public long Weights => Tensors.Sum(tensor => tensor.Source.Elements);

    /// <summary>Size of all tensors before, in bytes.</summary>
    public long BytesBefore => Tensors.Sum(tensor => tensor.Source.ByteLength);

    /// <summary>Size of all tensors afterwards, in bytes.</summary>
    public long BytesAfter => Tensors.Sum(tensor => tensor.ByteLength);

    /// <summary>Makes the plan for a model.</summary>
    /// <param name="file">The model; it stays open while the plan is used.</param>
    /// <param name="options">What it is to become.</param>
    /// <exception cref="GgufException">An option names a type that Konko does not write.</exception>
    public static QuantizationPlan Create(GgufFile file, QuantizationOptions options)
    {
        foreach (GgmlType type in new[] { options.Recipe.Type, options.OutputType, options.EmbeddingType }.OfType<GgmlType>()) Quantizer.CheckWritable(type);
        string head = file.FindTensor(Head) is null ? Embedding : Head;
        int layers = file.Tensors.Max(tensor => (int?)LayerOf(tensor.Name).Layer) + 1 ?? 0;
        return new QuantizationPlan(file, options, [.. file.Tensors.Select(tensor => Plan(tensor, options, head, layers))]);
    }

    private static PlannedTensor Plan(GgufTensor tensor, QuantizationOptions options, string head, int layers)
    {
        if (tensor.Dimensions.Count == 1) return new PlannedTensor(tensor, GgmlType.F32, GgmlType.F32);
        if (IsKept(tensor.Name)) return new PlannedTensor(tensor, tensor.Type, tensor.Type);
        GgmlType wanted = Wanted(tensor.Name, options, head, layers);
        return new PlannedTensor(tensor, wanted, Fitting(wanted, tensor.Columns));
    }

    private static bool IsKept(string name)
        => !name.EndsWith(".weight", StringComparison.Ordinal) || s_kept.Any(part => name.Contains(part, StringComparison.Ordinal));

    private static GgmlType Wanted(string name, QuantizationOptions options, string head, int layers)
    {
        if (name == head && options.OutputType is GgmlType output) return output;
        if (name == Embedding && options.EmbeddingType is GgmlType embedding) return embedding;
        if (options.Pure) return options.Recipe.Type;
        if (name == head) return options.Recipe.HeadType;
        (int layer, string role) = LayerOf(name);
        return options.Recipe.OfLayer(role, layer, layers);
    }

    // A type of smaller blocks and at least as many bits where the rows are no whole blocks.
    private static GgmlType Fitting(GgmlType type, long columns)
    {
        while (columns % GgmlTypeInfo.Of(type).BlockElements != 0)
        {
            type = type switch
            {
                GgmlType.Q4_K => GgmlType.Q5_0,
                GgmlType.Q5_K => GgmlType.Q5_1,
                GgmlType.Q6_K => GgmlType.Q8_0,
                _ => GgmlType.F16,
            };
        }

        return type;
    }

    // −1 of what belongs to no layer.
    private static (int Layer, string Role) LayerOf(string name)
    {
        int dot = name.StartsWith(LayerPrefix, StringComparison.Ordinal) ? name.IndexOf('.', LayerPrefix.Length) : -1;
        return dot > 0 && int.TryParse(name.AsSpan(LayerPrefix.Length, dot - LayerPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int layer)
            ? (layer, name[(dot + 1)..])
            : (-1, name);
    }
}
