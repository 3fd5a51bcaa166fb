namespace Konko.Bench.Kernels;

/// <summary>A matrix of a model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Matrix">What the model calls it.</param>
/// <param name="Rows">Outputs.</param>
/// <param name="Columns">Inputs.</param>
public sealed record MatrixShape(string Model, string Matrix, int Rows, int Columns)
{
    /// <summary>The matrices that make up most of a model.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="FormatException">There are none of that name.</exception>
    public static IReadOnlyList<MatrixShape> Of(string model) => model switch
    {
        "smollm2" => [new(model, "attn_q", 576, 576), new(model, "ffn_up", 1536, 576), new(model, "ffn_down", 576, 1536), new(model, "output", 49152, 576)],
        "tinyllama" => [new(model, "attn_q", 2048, 2048), new(model, "ffn_up", 5632, 2048), new(model, "ffn_down", 2048, 5632)],
        "mistral" => [new(model, "attn_q", 4096, 4096), new(model, "ffn_up", 14336, 4096), new(model, "ffn_down", 4096, 14336)],
        _ => throw new FormatException($"--models knows smollm2, tinyllama and mistral, not '{model}'."),
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Model} {Matrix} {Rows} × {Columns}";
}
