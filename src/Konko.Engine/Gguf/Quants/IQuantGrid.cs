using System.Runtime.Intrinsics;

namespace Konko.Engine.Gguf.Quants;

/// <summary>The values that an element can have, before scale and offset.</summary>
internal interface IQuantGrid
{
    /// <summary>The nearest value of the grid, of each lane; the lowest, or zero, of a lane that is no number.</summary>
    /// <param name="x">Any numbers.</param>
    Vector512<float> Nearest(Vector512<float> x);
}
