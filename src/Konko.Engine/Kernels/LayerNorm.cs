using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Konko.Engine.Numerics;

namespace Konko.Engine.Kernels;

/// <summary>Layer normalisation: the mean off, then to unit variance.</summary>
internal static unsafe class LayerNorm
{
    /// <summary>x ← (x − mean) / √(variance + ε) · w + b, in place; both sums go in sixteen lanes, then by the fixed tree.</summary>
    /// <param name="x">Values, padded to a multiple of 16; the padding is overwritten.</param>
    /// <param name="weight">Weights, as many, padded.</param>
    /// <param name="bias">Biases, as many, padded.</param>
    /// <param name="count">Width.</param>
    /// <param name="epsilon">ε.</param>
    [SkipLocalsInit]
    public static void Run(float* x, float* weight, float* bias, int count, float epsilon)
    {
        Vector512<float> mean = Vector512.Create(Reduce.Sum(x, count) / count);
        for (int i = 0; i < count; i += 16) (Vector512.Load(x + i) - mean).Store(x + i);
        // The squares of what is left, not mean(x²) − mean²: that would cancel.
        float variance = Reduce.SumOfSquares(x, count) / count;
        Vector512<float> scale = Vector512.Create(1f / MathF.Sqrt(variance + epsilon));
        for (int i = 0; i < count; i += 16)
            Vector512.FusedMultiplyAdd(Vector512.Load(x + i) * scale, Vector512.Load(weight + i), Vector512.Load(bias + i)).Store(x + i);
    }
}
