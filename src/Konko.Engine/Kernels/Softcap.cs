using System.Runtime.Intrinsics;
using Konko.Engine.Numerics;

namespace Konko.Engine.Kernels;

/// <summary>Bounds numbers softly: c · tanh(x / c).</summary>
internal static unsafe class Softcap
{
    /// <summary>In place.</summary>
    /// <param name="x">Numbers, padded to a multiple of 16.</param>
    /// <param name="count">How many.</param>
    /// <param name="cap">c, over 0.</param>
    public static void Run(float* x, int count, float cap)
    {
        Vector512<float> c = Vector512.Create(cap);
        for (int i = 0; i < count; i += 16) (c * VectorMath.Tanh(Vector512.Load(x + i) / c)).Store(x + i);
    }
}
