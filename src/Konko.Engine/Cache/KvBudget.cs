namespace Konko.Engine.Cache;

/// <summary>How much memory a model's keys and values get where nobody says.</summary>
internal static class KvBudget
{
    // The prefix cache fills what it is given, so that a small model would end up holding gigabytes unasked.
    private const long MostCache = 1L << 30;

    // What a short conversation needs; a model that has less is of no use.
    private const int LeastPositions = 2048;

    /// <summary>A gigabyte, or a quarter of the machine's memory if that is less, but what one full context needs at least.</summary>
    public static long Default(KvLayout layout, int context)
        => Math.Max(Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, MostCache), BytesFor(layout, context));

    /// <summary>The least that a model is run with: a context of 2048 positions, or its whole one if that is shorter.</summary>
    public static long Least(KvLayout layout, int context) => BytesFor(layout, Math.Min(context, LeastPositions));

    /// <summary>Bytes of the pages that hold so many positions of one sequence.</summary>
    public static long BytesFor(KvLayout layout, int positions) => KvPool.PagesFor(positions) * layout.PageBytes;
}
