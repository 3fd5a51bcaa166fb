using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Konko.Engine.Gguf.Quants;

/// <summary>The 16 values of <see cref="BlocksCodebook.IQ4Values"/>.</summary>
internal readonly struct CodebookGrid : IQuantGrid
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Nearest(Vector512<float> x)
    {
        Vector512<float> value = Vector512.Create((float)BlocksCodebook.IQ4Values[0]);
        for (int i = 1; i < 16; i++)
        {
            value = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(Middle(i))), Vector512.Create((float)BlocksCodebook.IQ4Values[i]), value);
        }

        return value;
    }

    /// <summary>The index of the nearest value; a tie goes to the lower.</summary>
    /// <param name="x">Any number.</param>
    public static int Index(float x)
    {
        int index = 0;
        for (int i = 1; i < 16; i++) index += x > Middle(i) ? 1 : 0;
        return index;
    }

    private static float Middle(int i) => (BlocksCodebook.IQ4Values[i - 1] + BlocksCodebook.IQ4Values[i]) * 0.5f;
}
