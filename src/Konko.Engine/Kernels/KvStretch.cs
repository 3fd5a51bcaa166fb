using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Konko.Engine.Cache;

namespace Konko.Engine.Kernels;

/// <summary>32 steps of attention's way through memory: whoever walks one asks for the lines of a later one.</summary>
/// <remarks>
/// A head's keys and values lie in pieces of some KiB, a page apart, so that the hardware foresees none of them, and a piece
/// is used up faster than memory answers. The order in which they are read is known, so it is written down first.
/// </remarks>
/// <param name="At">The first step's line.</param>
/// <param name="Step">Bytes from one step's line to the next.</param>
internal readonly unsafe record struct KvStretch(nint At, nint Step)
{
    /// <summary>How far ahead lines are asked for: 12 KiB of bfloat16, more than memory's latency times its rate, and little of the second cache, where they go.</summary>
    public const int Distance = 6;

    /// <summary>Most stretches of a segment and of what follows it.</summary>
    public static int Most(KvLayout layout) => 2 * (Attention.Segment / KvLayout.PagePositions) * Parts(layout) + Distance;

    /// <summary>Lists the stretches of a segment in the order of their reading, then the first ones of what is read next.</summary>
    /// <param name="layout">Shape of the pages.</param>
    /// <param name="pages">The sequence's pages.</param>
    /// <param name="headOffset">Bytes from a page's start to the layer's and KV head's memory.</param>
    /// <param name="first">First position.</param>
    /// <param name="end">One past the last position.</param>
    /// <param name="next">What is read afterwards.</param>
    /// <param name="to">Room for <see cref="Most"/>.</param>
    public static void List(KvLayout layout, List<KvPage> pages, long headOffset, int first, int end, in KvNext next, KvStretch* to)
    {
        int parts = Parts(layout), firstPage = first / KvLayout.PagePositions, pastPage = (end + KvLayout.PagePositions - 1) / KvLayout.PagePositions;
        nint line = KvLayout.PagePositions * layout.ElementBytes, keyBytes = layout.HeadDim * line;
        for (int page = firstPage; page < pastPage; page++) to = Keys((nint)(pages[page].Data + headOffset), line, parts, to);
        for (int part = 0; part < parts; part++)
        {
            for (int page = firstPage; page < pastPage; page++)
                *to++ = new KvStretch((nint)(pages[page].Data + headOffset) + keyBytes + part * line, (nint)layout.HeadDim * layout.ElementBytes);
        }

        KvStretch* endOfAll = to + Distance;
        if (next.Pages is { } following)
        {
            for (int page = next.Segment * (Attention.Segment / KvLayout.PagePositions); page < following.Count && to < endOfAll; page++)
                to = Keys((nint)(following[page].Data + next.HeadOffset), line, Math.Min(parts, (int)(endOfAll - to)), to);
        }

        while (to < endOfAll) *to++ = new KvStretch((nint)(pages[firstPage].Data + headOffset), 0);
    }

    /// <summary>Asks for a step's line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch<TKv>(nint at)
        where TKv : struct, IKvElements
    {
        if (!Sse.IsSupported) return;
        Sse.Prefetch1((void*)at);
        if (KvLayout.PagePositions * TKv.Bytes > 64) Sse.Prefetch1((byte*)at + 64);
    }

    private static int Parts(KvLayout layout) => layout.HeadDim / 32;

    private static KvStretch* Keys(nint keys, nint line, int parts, KvStretch* to)
    {
        for (int part = 0; part < parts; part++) *to++ = new KvStretch(keys + part * 32 * line, line);
        return to;
    }
}
