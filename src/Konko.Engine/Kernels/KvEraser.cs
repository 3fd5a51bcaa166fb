using Konko.Engine.Cache;

namespace Konko.Engine.Kernels;

/// <summary>Takes keys and values of some positions out of a page: the page is as if they had never been written.</summary>
internal static unsafe class KvEraser
{
    /// <summary>Zeroes positions of all layers and heads.</summary>
    /// <param name="layout">The page's shape.</param>
    /// <param name="page">The page's memory.</param>
    /// <param name="first">First position, within the page.</param>
    /// <param name="end">One past the last, at most 32.</param>
    public static void Run(KvLayout layout, byte* page, int first, int end)
    {
        if (layout.Type == KvType.BFloat16) Run<BFloat16Elements>(layout, page, first, end);
        else Run<Float32Elements>(layout, page, first, end);
    }

    private static void Run<TKv>(KvLayout layout, byte* page, int first, int end)
        where TKv : struct, IKvElements
    {
        int key = KvLayout.PagePositions * TKv.Bytes, value = layout.HeadDim * TKv.Bytes;
        for (int head = 0; head < layout.Layers * layout.KvHeads; head++)
        {
            for (int i = 0; i < layout.HeadDim; i++, page += key)
            {
                for (int position = first; position < end; position++) TKv.Store(page, position, 0f);
            }

            new Span<byte>(page + first * value, (end - first) * value).Clear();
            page += KvLayout.PagePositions * value;
        }
    }
}
