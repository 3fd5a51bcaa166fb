using System.Buffers;

namespace Konko.Engine.Tokenizers;

/// <summary>Says what two neighbouring symbols merge into.</summary>
/// <typeparam name="TSymbol">A symbol of the text.</typeparam>
internal interface IMergeRule<TSymbol>
{
    /// <summary>Whether two neighbours merge, and if so how soon (lowest rank first) and into what.</summary>
    bool TryMerge(TSymbol left, TSymbol right, out int rank, out TSymbol merged);
}

/// <summary>Byte-pair merging: again and again the pair with the lowest rank, of equals the leftmost.</summary>
internal static class PairMerger
{
    /// <summary>Above this many symbols the heap is faster than looking through all pairs for each merge.</summary>
    internal const int LongestScan = 40;

    /// <summary>Merges in place.</summary>
    /// <param name="symbols">The symbols; the merged ones are left at its beginning.</param>
    /// <param name="rule">The merges.</param>
    /// <param name="longestScan">The length up to which pairs are scanned; both ways give the same result.</param>
    /// <returns>How many symbols are left.</returns>
    public static int Merge<TSymbol, TRule>(Span<TSymbol> symbols, TRule rule, int longestScan = LongestScan)
        where TSymbol : unmanaged
        where TRule : IMergeRule<TSymbol>
    {
        if (symbols.Length < 2) return symbols.Length;
        return symbols.Length <= longestScan ? MergeByScan(symbols, rule) : MergeByHeap(symbols, rule);
    }

    private static int MergeByScan<TSymbol, TRule>(Span<TSymbol> symbols, TRule rule)
        where TSymbol : unmanaged
        where TRule : IMergeRule<TSymbol>
    {
        int count = symbols.Length;
        Span<int> ranks = stackalloc int[count];
        Span<TSymbol> merged = stackalloc TSymbol[count];
        for (int i = 0; i + 1 < count; i++) ranks[i] = Rank(symbols, i, rule, ref merged[i]);
        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i + 1 < count; i++)
            {
                if (ranks[i] < ranks[best]) best = i;
            }
            if (ranks[best] == int.MaxValue) break;
            symbols[best] = merged[best];
            symbols[(best + 2)..count].CopyTo(symbols[(best + 1)..]);
            ranks[(best + 1)..count].CopyTo(ranks[best..]);
            merged[(best + 1)..count].CopyTo(merged[best..]);
            count--;
            if (best + 1 < count) ranks[best] = Rank(symbols, best, rule, ref merged[best]);
            if (best > 0) ranks[best - 1] = Rank(symbols, best - 1, rule, ref merged[best - 1]);
        }
        return count;
    }

    private static int Rank<TSymbol, TRule>(Span<TSymbol> symbols, int left, TRule rule, ref TSymbol merged)
        where TRule : IMergeRule<TSymbol> =>
        rule.TryMerge(symbols[left], symbols[left + 1], out int rank, out merged) ? rank : int.MaxValue;

    private static int MergeByHeap<TSymbol, TRule>(Span<TSymbol> symbols, TRule rule)
        where TSymbol : unmanaged
        where TRule : IMergeRule<TSymbol>
    {
        int count = symbols.Length;
        int[] next = ArrayPool<int>.Shared.Rent(count);
        int[] previous = ArrayPool<int>.Shared.Rent(count);
        // A symbol covers the places from its own up to its next; one that was merged away has no next.
        const int Gone = -1;
        var heap = new PriorityQueue<(int Left, int Right, int End, TSymbol Merged), long>(count);
        for (int i = 0; i < count; i++)
        {
            next[i] = i + 1;
            previous[i] = i - 1;
        }
        for (int i = 0; i + 1 < count; i++) Push(symbols, i);

        while (heap.TryDequeue(out (int Left, int Right, int End, TSymbol Merged) pair, out _))
        {
            // Symbols only grow, so a pair whose borders still stand is the pair that was pushed.
            if (next[pair.Left] != pair.Right || next[pair.Right] != pair.End) continue;
            symbols[pair.Left] = pair.Merged;
            next[pair.Left] = pair.End;
            next[pair.Right] = Gone;
            if (pair.End < count) previous[pair.End] = pair.Left;
            Push(symbols, pair.Left);
            if (previous[pair.Left] >= 0) Push(symbols, previous[pair.Left]);
        }

        int kept = 0;
        for (int i = 0; i < count; i = next[i]) symbols[kept++] = symbols[i];
        ArrayPool<int>.Shared.Return(next);
        ArrayPool<int>.Shared.Return(previous);
        return kept;

        void Push(Span<TSymbol> all, int left)
        {
            int right = next[left];
            if (right >= count || !rule.TryMerge(all[left], all[right], out int rank, out TSymbol merged)) return;
            heap.Enqueue((left, right, next[right], merged), (long)rank << 32 | (uint)left);
        }
    }
}
