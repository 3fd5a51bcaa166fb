using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Konko.Engine.Gguf.Quants;

/// <summary>The 16 values of <see cref="BlocksCodebook.IQ4Values"/>.</summary>
internal readonly struct CodebookGrid : IQuantGrid
{
    private static Vector512<float> Values => Vector512.Create(-127f, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

    /// <summary>Lane i: half-way between values i and i + 1.</summary>
    private static Vector512<float> Middles => Vector512.Create(-115.5f, -93.5f, -74, -57, -42, -28.5f, -16, -4.5f, 7, 19, 31.5f, 45.5f, 61, 79, 101, float.PositiveInfinity);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Nearest(Vector512<float> x) => Vector512.Shuffle(Values, Index(x));

    /// <summary>The index of the nearest value, of each lane; a tie goes to the lower, and so does what is no number.</summary>
    /// <param name="x">Any numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Index(Vector512<float> x)
    {
        // A search by halves: what is above the middle before index + step has at least that index.
        Vector512<int> index = Vector512.GreaterThan(x, Vector512.Create(-4.5f)).AsInt32() & Vector512.Create(8);
        index = Further(x, index, 4);
        index = Further(x, index, 2);
        return Further(x, index, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Further(Vector512<float> x, Vector512<int> index, int step)
    {
        Vector512<float> middle = Vector512.Shuffle(Middles, index + Vector512.Create(step - 1));
        return index + (Vector512.GreaterThan(x, middle).AsInt32() & Vector512.Create(step));
    }
}
