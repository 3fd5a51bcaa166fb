namespace Konko.Engine.Gguf.Quantization;

/// <summary>How far the work is.</summary>
/// <param name="Tensor">The name of the tensor at hand.</param>
/// <param name="Done">Weights that are written.</param>
/// <param name="Total">All weights of the model.</param>
public readonly record struct QuantizationProgress(string Tensor, long Done, long Total);
