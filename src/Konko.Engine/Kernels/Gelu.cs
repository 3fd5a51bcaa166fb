using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Konko.Engine.Numerics;

namespace Konko.Engine.Kernels;

/// <summary>The activation of an encoder's feed-forward block.</summary>
internal static unsafe class Gelu
{
    /// <summary>y = gelu(x + bias), by the error function itself.</summary>
    /// <param name="x">Inputs, padded to a multiple of 16.</param>
    /// <param name="bias">As long.</param>
    /// <param name="count">Width.</param>
    /// <param name="y">Outputs, as long.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* x, float* bias, int count, float* y)
    {
        for (int i = 0; i < count; i += 16) VectorMath.GeluErf(Vector512.Load(x + i) + Vector512.Load(bias + i)).Store(y + i);
    }
}
