using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Konko.Engine.Gguf.Quants;

/// <summary>The integers of a range.</summary>
/// <param name="low">The least.</param>
/// <param name="top">The greatest.</param>
internal readonly struct UniformGrid(int low, int top) : IQuantGrid
{
    private readonly float _low = low;
    private readonly float _top = top;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Nearest(Vector512<float> x)
    {
        // Comparisons instead of minimum and maximum: those treat what is no number differently from machine to machine.
        Vector512<float> q = Vector512.Round(x);
        Vector512<float> least = Vector512.Create(_low);
        Vector512<float> most = Vector512.Create(_top);
        q = Vector512.ConditionalSelect(Vector512.GreaterThan(q, least), q, least);
        return Vector512.ConditionalSelect(Vector512.LessThan(q, most), q, most);
    }
}
