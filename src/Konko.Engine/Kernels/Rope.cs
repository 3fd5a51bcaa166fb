using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Konko.Engine.Kernels;

/// <summary>Rotary positions: element i of a head turns with element i + dims/2 by the position's i-th angle.</summary>
/// <remarks>Models whose files pair neighbours (2i, 2i + 1) have their query and key rows reordered at load, so one form serves all.</remarks>
internal static unsafe class Rope
{
    /// <summary>Turns a head in place: (a, b) → (a·cos − b·sin, b·cos + a·sin), the first product rounded, the second fused.</summary>
    /// <param name="head">The head's elements.</param>
    /// <param name="half">dims / 2.</param>
    /// <param name="cos">half cosines.</param>
    /// <param name="sin">half sines.</param>
    [SkipLocalsInit]
    public static void Turn(float* head, int half, float* cos, float* sin)
    {
        int i = 0;
        for (; i <= half - 16; i += 16)
        {
            Vector512<float> a = Vector512.Load(head + i), b = Vector512.Load(head + half + i);
            Vector512<float> c = Vector512.Load(cos + i), s = Vector512.Load(sin + i);
            Vector512.FusedMultiplyAdd(-b, s, a * c).Store(head + i);
            Vector512.FusedMultiplyAdd(a, s, b * c).Store(head + half + i);
        }

        for (; i < half; i++)
        {
            float a = head[i], b = head[half + i];
            head[i] = MathF.FusedMultiplyAdd(-b, sin[i], a * cos[i]);
            head[half + i] = MathF.FusedMultiplyAdd(a, sin[i], b * cos[i]);
        }
    }
}
