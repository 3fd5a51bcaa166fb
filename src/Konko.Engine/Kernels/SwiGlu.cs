using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Konko.Engine.Numerics;

namespace Konko.Engine.Kernels;

/// <summary>The gated activation of a feed-forward block.</summary>
internal static unsafe class SwiGlu
{
    /// <summary>y = silu(gate) · up.</summary>
    /// <param name="gate">Gate, padded to a multiple of 16.</param>
    /// <param name="up">Up, as long.</param>
    /// <param name="count">Width.</param>
    /// <param name="y">Outputs, padded to a multiple of 16.</param>
    [SkipLocalsInit]
    public static void Run(float* gate, float* up, int count, float* y)
    {
        for (int i = 0; i < count; i += 16) (VectorMath.Silu(Vector512.Load(gate + i)) * Vector512.Load(up + i)).Store(y + i);
    }
}
