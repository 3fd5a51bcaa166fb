using System.Runtime.InteropServices;
using Konko.Engine.Kernels;

namespace Konko.Engine.Cache;

/// <summary>All pages of a model's KV cache: memory is committed a few pages at a time up to a limit, shared by reference count, and kept for prompts that start alike.</summary>
/// <remarks>One caller at a time; <see cref="Statistics"/> may be read from any thread and is exact while the owner rests.</remarks>
public sealed unsafe class KvPool : IDisposable
{
    // Pages are taken together, in as much memory as huge pages are worth it for.
    private const long SlabBytes = 8 << 20;

    private readonly List<KvPage> _committed = [];
    private readonly List<AlignedBuffer<byte>> _slabs = [];
    private readonly Stack<KvPage> _free = [];
    private readonly PrefixCache _prefixes;
    private readonly KvLayout _layout;
    private readonly long _pageBytes;
    private int _limit;
    private int _slabPages;

    /// <summary>Makes an empty pool; nothing is committed yet.</summary>
    /// <param name="layout">Shape of a page.</param>
    /// <param name="limitBytes">Most bytes of all pages; at least one page's.</param>
    public KvPool(KvLayout layout, long limitBytes)
        : this(layout, limitBytes, ChainHash.CreateRandom().Extend)
    {
    }

    internal KvPool(KvLayout layout, long limitBytes, Func<UInt128, ReadOnlySpan<int>, UInt128> extend)
    {
        ArgumentNullException.ThrowIfNull(layout);
        _layout = layout;
        _pageBytes = layout.PageBytes;
        ArgumentOutOfRangeException.ThrowIfLessThan(limitBytes, _pageBytes);
        _limit = (int)Math.Min(limitBytes / _pageBytes, int.MaxValue);
        _prefixes = new PrefixCache(extend);
    }

    /// <summary>Most pages that may be committed; it falls to what there is when the machine has no more memory.</summary>
    public int PageLimit => _limit;

    /// <summary>Pages that could be handed out now: not yet committed, free, or kept by the prefix cache alone.</summary>
    public int AvailablePages => _limit - _committed.Count + _free.Count + _prefixes.Idle;

    /// <summary>How the pages are spent.</summary>
    public KvPoolStatistics Statistics
    {
        get
        {
            (int committed, int free, int idle) = (_committed.Count, _free.Count, _prefixes.Idle);
            return new KvPoolStatistics(_limit, committed, free, committed - free - idle, idle, _pageBytes);
        }
    }

    /// <summary>Number of pages that hold so many positions.</summary>
    public static int PagesFor(int positions) => (int)((positions + (KvLayout.PagePositions - 1L)) / KvLayout.PagePositions);

    /// <summary>Gives a sequence the pages to hold so many positions. Pages got before a failure stay with the sequence.</summary>
    /// <returns>False where there are not enough pages.</returns>
    public bool TryGrow(KvSequence sequence, int positions)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        int wanted = PagesFor(positions);
        if (wanted - sequence.Pages.Count > AvailablePages) return false;
        while (sequence.Pages.Count < wanted)
        {
            if (Rent(cleared: true) is not { } page) return false;
            sequence.Pages.Add(page);
        }

        return true;
    }

    /// <summary>Gives an empty sequence the cached pages that hold the first of these tokens, and sets its length accordingly.</summary>
    /// <param name="sequence">A sequence without pages.</param>
    /// <param name="tokens">All tokens that may come from the cache.</param>
    /// <returns>How many of the tokens need no computing: a multiple of 32.</returns>
    public int AttachPrefix(KvSequence sequence, ReadOnlySpan<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        PrefixLink link = default;
        while (tokens.Length >= KvLayout.PagePositions)
        {
            ReadOnlySpan<int> pageTokens = tokens[..KvLayout.PagePositions];
            UInt128 hash = _prefixes.Extend(link, pageTokens);
            if (_prefixes.Find(link, hash, pageTokens) is not { } page) break;
            Share(page);
            sequence.Pages.Add(page);
            link = new PrefixLink(hash, page.Entry);
            tokens = tokens[KvLayout.PagePositions..];
        }

        sequence.Link = link;
        sequence.PublishedPages = sequence.Pages.Count;
        sequence.Length = sequence.Capacity;
        return sequence.Length;
    }

    /// <summary>Enters the pages that have become full into the prefix cache. Where it has a page of the same tokens already, the sequence goes on with that one.</summary>
    /// <param name="sequence">A sequence whose keys and values are written up to its length.</param>
    /// <param name="tokens">The sequence's tokens, at least up to its length.</param>
    public void Publish(KvSequence sequence, ReadOnlySpan<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        int full = sequence.Length / KvLayout.PagePositions;
        for (int i = sequence.PublishedPages; i < full; i++)
        {
            ReadOnlySpan<int> pageTokens = tokens.Slice(i * KvLayout.PagePositions, KvLayout.PagePositions);
            PrefixLink link = sequence.Link;
            UInt128 hash = _prefixes.Extend(link, pageTokens);
            KvPage page = sequence.Pages[i];
            if (_prefixes.Find(link, hash, pageTokens) is { } known)
            {
                Share(known);
                sequence.Pages[i] = known;
                Return(page);
                page = known;
            }
            else
            {
                if (_prefixes.At(hash) is { } stranger) Forget(stranger);
                _prefixes.Add(page, link, hash, pageTokens);
            }

            sequence.Link = new PrefixLink(hash, page.Entry);
            sequence.PublishedPages = i + 1;
        }
    }

    /// <summary>Takes back what was written past a sequence's length: those positions are zero again, and pages that held nothing else are free.</summary>
    /// <param name="sequence">A sequence whose length is already what it is to be; no page that it ends in is shared.</param>
    /// <param name="written">Positions that hold keys and values, those to be taken back included.</param>
    public void Rewind(KvSequence sequence, int written)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        int keep = PagesFor(sequence.Length);
        while (sequence.Pages.Count > keep)
        {
            Return(sequence.Pages[^1]);
            sequence.Pages.RemoveAt(sequence.Pages.Count - 1);
        }

        int first = sequence.Length % KvLayout.PagePositions;
        int end = Math.Min(first + written - sequence.Length, KvLayout.PagePositions);
        if (first > 0 && end > first) KvEraser.Run(_layout, sequence.Pages[^1].Data, first, end);
    }

    /// <summary>Lets a second, empty sequence go on from where the first stands: full pages are shared, the last, partly written one is copied.</summary>
    /// <returns>False where there is no page for the copy; the second sequence is then still empty.</returns>
    public bool TryFork(KvSequence source, KvSequence target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        int full = source.Length / KvLayout.PagePositions;
        KvPage? copy = null;
        if (source.Length > full * KvLayout.PagePositions)
        {
            copy = Rent(cleared: false);
            if (copy is null) return false;
            NativeMemory.Copy(source.Pages[full].Data, copy.Data, (nuint)_pageBytes);
        }

        for (int i = 0; i < full; i++)
        {
            Share(source.Pages[i]);
            target.Pages.Add(source.Pages[i]);
        }

        if (copy is not null) target.Pages.Add(copy);
        target.Length = source.Length;
        target.PublishedPages = source.PublishedPages;
        target.Link = source.Link;
        return true;
    }

    /// <summary>Takes a sequence's pages back; the prefix cache keeps those that it knows. The sequence is empty afterwards.</summary>
    public void Release(KvSequence sequence)
    {
        ArgumentNullException.ThrowIfNull(sequence);

        // From the last to the first, so that a chain loses its end before its start.
        for (int i = sequence.Pages.Count - 1; i >= 0; i--) Return(sequence.Pages[i]);
        Empty(sequence);
    }

    /// <summary>As <see cref="Release"/>, but the prefix cache forgets the pages too: what they hold is not to be trusted.</summary>
    public void Discard(KvSequence sequence)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        for (int i = sequence.Pages.Count - 1; i >= 0; i--)
        {
            KvPage page = sequence.Pages[i];
            if (page.Entry != 0) Forget(page);
            Return(page);
        }

        Empty(sequence);
    }

    /// <summary>Frees all memory; no sequence may be used afterwards.</summary>
    public void Dispose()
    {
        foreach (AlignedBuffer<byte> slab in _slabs) slab.Dispose();
        _slabs.Clear();
        _committed.Clear();
        _free.Clear();
    }

    private static void Empty(KvSequence sequence)
    {
        sequence.Pages.Clear();
        sequence.Length = 0;
        sequence.PublishedPages = 0;
        sequence.Link = default;
    }

    private KvPage? Rent(bool cleared)
    {
        KvPage? page;
        if (_free.TryPop(out page) || (page = Commit()) is not null || (page = _prefixes.Evict()) is not null)
        {
            // Masked positions are multiplied by zero, which only hides what is finite: nothing of an earlier
            // holder may stay, least of all of one that failed.
            if (cleared) NativeMemory.Clear(page.Data, (nuint)_pageBytes);
            page.References = 1;
        }

        return page;
    }

    private KvPage? Commit()
    {
        if (_committed.Count >= _limit) return null;
        try
        {
            if (_slabPages == 0)
            {
                int pages = (int)Math.Clamp(SlabBytes / _pageBytes, 1, _limit - _committed.Count);
                _slabs.Add(new AlignedBuffer<byte>(pages * _pageBytes, hugePages: true));
                _slabPages = pages;
            }

            AlignedBuffer<byte> slab = _slabs[^1];
            var page = new KvPage(slab.Pointer + slab.Length - _slabPages-- * _pageBytes);
            _committed.Add(page);
            return page;
        }
        catch (OutOfMemoryException)
        {
            _limit = _committed.Count;
            return null;
        }
    }

    private void Share(KvPage page)
    {
        if (page.References == 0) _prefixes.Unpark(page);
        page.References++;
    }

    private void Return(KvPage page)
    {
        if (--page.References > 0) return;
        if (page.Entry != 0) _prefixes.Park(page);
        else _free.Push(page);
    }

    private void Forget(KvPage page)
    {
        _prefixes.Remove(page);
        if (page.References == 0) _free.Push(page);
    }
}
