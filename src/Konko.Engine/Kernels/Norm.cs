using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Konko.Engine.Numerics;

namespace Konko.Engine.Kernels;

/// <summary>Root-mean-square normalisation.</summary>
internal static unsafe class Norm
{
    /// <summary>y = x / √(mean(x²) + ε) · w; the squares are summed in sixteen lanes, then by the fixed tree.</summary>
    /// <param name="x">Inputs, <paramref name="count"/> floats.</param>
    /// <param name="weight">Weights, as many; memory padded to a multiple of 16.</param>
    /// <param name="count">Width.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="y">Outputs; may be <paramref name="x"/>.</param>
    [SkipLocalsInit]
    public static void Rms(float* x, float* weight, int count, float epsilon, float* y)
    {
        float mean = Reduce.SumOfSquares(x, count) / count;
        Vector512<float> scale = Vector512.Create(1f / MathF.Sqrt(mean + epsilon));
        int i = 0;
        for (; i <= count - 16; i += 16) (Vector512.Load(x + i) * scale * Vector512.Load(weight + i)).Store(y + i);
        for (; i < count; i++) y[i] = x[i] * scale.ToScalar() * weight[i];
    }
}
