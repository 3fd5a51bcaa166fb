using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Konko.Engine.Gguf.Quants;

/// <summary>The integers of a range.</summary>
/// <param name="low">The least.</param>
/// <param name="top">The greatest.</param>
internal readonly struct UniformGrid(int low, int top) : IQuantGrid
{
    private readonly Vector512<float> _low = Vector512.Create((float)low);
    private readonly Vector512<float> _top = Vector512.Create((float)top);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Nearest(Vector512<float> x)
    {
        // Comparisons instead of minimum and maximum: those treat what is no number differently from machine to machine.
        Vector512<float> q = Vector512.Round(x);
        q = Vector512.ConditionalSelect(Vector512.GreaterThan(q, _low), q, _low);
        return Vector512.ConditionalSelect(Vector512.LessThan(q, _top), q, _top);
    }
}
