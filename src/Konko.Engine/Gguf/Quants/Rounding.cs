using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Konko.Engine.Gguf.Quants;

/// <summary>Elements to integers.</summary>
internal static class Rounding
{
    /// <summary>The nearest integers to (x − offset) / scale within a range, ties to even; where the scale is 0, the nearest of the range to 0.</summary>
    /// <param name="values">A multiple of 16 elements.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="offset">The offset.</param>
    /// <param name="low">The least integer.</param>
    /// <param name="top">The greatest integer.</param>
    /// <param name="quants">The integers, as many as elements.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToIntegers(ReadOnlySpan<float> values, float scale, float offset, int low, int top, Span<int> quants)
    {
        if (scale == 0)
        {
            quants[..values.Length].Fill(Math.Clamp(0, low, top));
            return;
        }

        var grid = new UniformGrid(low, top);
        Vector512<float> scales = Vector512.Create(scale);
        Vector512<float> offsets = Vector512.Create(offset);
        ref float from = ref MemoryMarshal.GetReference(values);
        ref int to = ref MemoryMarshal.GetReference(quants[..values.Length]);
        for (nuint i = 0; i < (nuint)values.Length; i += 16)
        {
            Vector512.ConvertToInt32(grid.Nearest((Vector512.LoadUnsafe(ref from, i) - offsets) / scales)).StoreUnsafe(ref to, i);
        }
    }

    /// <summary>The indices of the values of IQ4_NL that are nearest to x / scale; where the scale is 0, of those nearest to 0.</summary>
    /// <param name="values">A multiple of 16 elements.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="indices">The indices, as many as elements.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToIndices(ReadOnlySpan<float> values, float scale, Span<int> indices)
    {
        Vector512<float> scales = Vector512.Create(scale == 0 ? float.PositiveInfinity : scale);
        ref float from = ref MemoryMarshal.GetReference(values);
        ref int to = ref MemoryMarshal.GetReference(indices[..values.Length]);
        for (nuint i = 0; i < (nuint)values.Length; i += 16) CodebookGrid.Index(Vector512.LoadUnsafe(ref from, i) / scales).StoreUnsafe(ref to, i);
    }
}
