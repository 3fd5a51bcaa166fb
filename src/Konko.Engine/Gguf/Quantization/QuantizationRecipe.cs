namespace Konko.Engine.Gguf.Quantization;

/// <summary>What a target is called, which type most matrices get, and which get a better one.</summary>
/// <remarks>
/// Every recipe narrower than Q6_K gives the head (the matrix that makes the logits) Q6_K: it is the one whose errors
/// nothing after it evens out. <c>_S</c> and <c>_M</c> also favour the values of attention and the way back from the
/// feed-forward, in the layers where the field found that it pays.
/// </remarks>
public sealed class QuantizationRecipe
{
    private readonly Mix _mix;

    private QuantizationRecipe(string name, GgmlType type, uint fileType, Mix mix = Mix.None)
    {
        Name = name;
        Type = type;
        FileType = fileType;
        _mix = mix;
    }

    private enum Mix
    {
        None,
        Small,
        Medium,
    }

    /// <summary>All recipes, from the largest files to the smallest.</summary>
    public static IReadOnlyList<QuantizationRecipe> All { get; } =
    [
        new("F32", GgmlType.F32, 0),
        new("BF16", GgmlType.BF16, 32),
        new("F16", GgmlType.F16, 1),
        new("Q8_0", GgmlType.Q8_0, 7),
        new("Q6_K", GgmlType.Q6_K, 18),
        new("Q5_1", GgmlType.Q5_1, 9),
        new("Q5_K_M", GgmlType.Q5_K, 17, Mix.Medium),
        new("Q5_K", GgmlType.Q5_K, 16),
        new("Q5_0", GgmlType.Q5_0, 8),
        new("Q4_1", GgmlType.Q4_1, 3),
        new("Q4_K_M", GgmlType.Q4_K, 15, Mix.Medium),
        new("Q4_K_S", GgmlType.Q4_K, 14, Mix.Small),
        new("Q4_K", GgmlType.Q4_K, 14),
        new("Q4_0", GgmlType.Q4_0, 2),
        new("IQ4_NL", GgmlType.IQ4_NL, 25),
    ];

    /// <summary>The name, such as <c>Q4_K_M</c>.</summary>
    public string Name { get; }

    /// <summary>The type of most matrices.</summary>
    public GgmlType Type { get; }

    /// <summary>The number that <c>general.file_type</c> gets.</summary>
    public uint FileType { get; }

    /// <summary>The type of the head.</summary>
    public GgmlType HeadType => IsNarrow ? GgmlType.Q6_K : Type;

    private bool IsNarrow => Type is not (GgmlType.F32 or GgmlType.BF16 or GgmlType.F16 or GgmlType.Q8_0 or GgmlType.Q6_K);

    /// <summary>The recipe of a name, whatever its case, or null.</summary>
    /// <param name="name">Such as <c>q4_k_m</c>.</param>
    public static QuantizationRecipe? Find(string name) => All.FirstOrDefault(recipe => recipe.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The type of a layer's matrix, before its row length is looked at.</summary>
    /// <param name="role">Its name after <c>blk.N.</c>.</param>
    /// <param name="layer">N.</param>
    /// <param name="layers">Number of layers.</param>
    internal GgmlType OfLayer(string role, int layer, int layers)
    {
        bool values = role.StartsWith("attn_v.", StringComparison.Ordinal);
        bool down = role.StartsWith("ffn_down.", StringComparison.Ordinal) || role.StartsWith("ffn_down_exps.", StringComparison.Ordinal);
        if (!values && !down) return Type;
        return _mix switch
        {
            Mix.Small when layer < (values ? 4 : layers / 8) => GgmlType.Q5_K,
            Mix.Medium when Favoured(layer, layers) => GgmlType.Q6_K,
            _ => Type,
        };
    }

    // The first and the last eighth, and every third between.
    private static bool Favoured(int layer, int layers)
    {
        int eighth = layers / 8;
        return layer < eighth || layer >= layers - eighth || (layer - eighth) % 3 == 2;
    }
}
