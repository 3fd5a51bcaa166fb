using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Konko.Engine.Models;
using Konko.Engine.Numerics;

namespace Konko.Engine.Kernels;

/// <summary>The gated activation of a feed-forward block.</summary>
internal static unsafe class Gate
{
    /// <summary>y = activation(gate, up).</summary>
    /// <param name="activation">Which.</param>
    /// <param name="gate">Gate, padded to a multiple of 16.</param>
    /// <param name="up">Up, as long.</param>
    /// <param name="count">Width.</param>
    /// <param name="y">Outputs, padded to a multiple of 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Run(GateActivation activation, float* gate, float* up, int count, float* y)
    {
        switch (activation)
        {
            case GateActivation.Silu:
                for (int i = 0; i < count; i += 16) (VectorMath.Silu(Vector512.Load(gate + i)) * Vector512.Load(up + i)).Store(y + i);
                break;
            case GateActivation.Gelu:
                for (int i = 0; i < count; i += 16) (VectorMath.Gelu(Vector512.Load(gate + i)) * Vector512.Load(up + i)).Store(y + i);
                break;
            default:
                for (int i = 0; i < count; i += 16) ClampedSwish(Vector512.Load(gate + i), Vector512.Load(up + i)).Store(y + i);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ClampedSwish(Vector512<float> gate, Vector512<float> up)
    {
        Vector512<float> limit = Vector512.Create(7f);
        Vector512<float> g = Vector512.Min(gate, limit), u = Vector512.Max(Vector512.Min(up, limit), -limit);
        return g * VectorMath.Sigmoid(g * 1.702f) * (u + Vector512<float>.One);
    }
}
