namespace Konko.Engine.Cache;

/// <summary>
/// Finds full pages by the tokens that lead up to their end. An entry hangs on the entry of the page before it, so a
/// hit is proved by comparing one page's tokens and its parent's number: hashes only find it, they never vouch for it.
/// </summary>
/// <remarks>
/// Numbers of entries are never used twice, so an entry whose parent has left can no longer be reached and ages out.
/// Pages that no sequence holds stand in a list by their last use. One caller at a time.
/// </remarks>
/// <param name="extend">The hash of a page's tokens behind the hash of all tokens before them.</param>
internal sealed class PrefixCache(Func<UInt128, ReadOnlySpan<int>, UInt128> extend)
{
    private readonly Dictionary<UInt128, KvPage> _pages = [];
    private KvPage? _oldest;
    private KvPage? _newest;
    private long _entries;

    /// <summary>Number of pages with an entry that no sequence holds.</summary>
    public int Idle { get; private set; }

    /// <summary>The hash at the end of a page that hangs on a link.</summary>
    public UInt128 Extend(PrefixLink link, ReadOnlySpan<int> tokens) => extend(link.Hash, tokens);

    /// <summary>The page that holds these tokens behind that link, or null.</summary>
    public KvPage? Find(PrefixLink link, UInt128 hash, ReadOnlySpan<int> tokens)
        => _pages.TryGetValue(hash, out KvPage? page) && page.ParentEntry == link.Entry && tokens.SequenceEqual(page.Tokens)
            ? page
            : null;

    /// <summary>Whatever page stands under a hash, rightly or by collision.</summary>
    public KvPage? At(UInt128 hash) => _pages.GetValueOrDefault(hash);

    /// <summary>Enters a full page that a sequence holds.</summary>
    public void Add(KvPage page, PrefixLink link, UInt128 hash, ReadOnlySpan<int> tokens)
    {
        _pages.Add(hash, page);
        page.Entry = ++_entries;
        page.ParentEntry = link.Entry;
        page.ChainHash = hash;
        tokens.CopyTo(page.Tokens);
    }

    /// <summary>Takes away a page's entry; an idle page leaves the list.</summary>
    public void Remove(KvPage page)
    {
        if (page.References == 0) Unpark(page);
        _pages.Remove(page.ChainHash);
        page.Entry = 0;
    }

    /// <summary>Puts a page that its last holder gave back at the young end of the list.</summary>
    public void Park(KvPage page)
    {
        page.Older = _newest;
        if (_newest is null) _oldest = page;
        else _newest.Newer = page;
        _newest = page;
        Idle++;
    }

    /// <summary>Takes an idle page off the list, for a new holder.</summary>
    public void Unpark(KvPage page)
    {
        if (page.Older is null) _oldest = page.Newer;
        else page.Older.Newer = page.Newer;
        if (page.Newer is null) _newest = page.Older;
        else page.Newer.Older = page.Older;
        page.Older = page.Newer = null;
        Idle--;
    }

    /// <summary>Gives up the idle page that was used longest ago, or returns null where all are held.</summary>
    public KvPage? Evict()
    {
        KvPage? page = _oldest;
        if (page is not null) Remove(page);
        return page;
    }
}
