using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Konko.Engine.Cache;

namespace Konko.Engine.Kernels;

/// <summary>Puts keys and values of a position into its page.</summary>
internal static unsafe class KvWriter
{
    /// <summary>Writes one head's key and value.</summary>
    /// <param name="layout">The page's shape.</param>
    /// <param name="head">The head's memory within the page.</param>
    /// <param name="slot">The position within the page.</param>
    /// <param name="key">HeadDim floats.</param>
    /// <param name="value">HeadDim floats, padded with zeros to a multiple of 32.</param>
    /// <param name="width">The head's true width.</param>
    public static void Write(KvLayout layout, byte* head, int slot, float* key, float* value, int width)
    {
        if (layout.Type == KvType.BFloat16) Write<BFloat16Elements>(layout, head, slot, key, value, width);
        else Write<Float32Elements>(layout, head, slot, key, value, width);
    }

    [SkipLocalsInit]
    private static void Write<TKv>(KvLayout layout, byte* head, int slot, float* key, float* value, int width)
        where TKv : struct, IKvElements
    {
        int row = KvLayout.PagePositions * TKv.Bytes;
        for (int d = 0; d < width; d++) TKv.Store(head + d * row, slot, key[d]);
        byte* v = head + (long)layout.HeadDim * row + (long)slot * layout.HeadDim * TKv.Bytes;
        int whole = width & ~31;
        for (int d = 0; d < whole; d += 32) TKv.Store(v + d * TKv.Bytes, Vector512.Load(value + d), Vector512.Load(value + d + 16));
        for (int d = whole; d < width; d++) TKv.Store(v + whole * TKv.Bytes, d - whole, value[d]);
    }
}
