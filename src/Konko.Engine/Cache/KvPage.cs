namespace Konko.Engine.Cache;

/// <summary>One page of the pool, shared by reference count.</summary>
public sealed unsafe class KvPage
{
    internal KvPage(byte* data) => Data = data;

    /// <summary>The page's memory, 64-byte aligned, <see cref="KvLayout.PageBytes"/> long, zeroed whenever it is handed out.</summary>
    public byte* Data { get; }

    /// <summary>How many sequences hold the page; owned by the pool.</summary>
    internal int References { get; set; }

    /// <summary>The number of the page's entry in the prefix cache, never used twice; 0 while it has none.</summary>
    internal long Entry { get; set; }

    /// <summary>The entry of the page before it, 0 where it is a prompt's first.</summary>
    internal long ParentEntry { get; set; }

    /// <summary>Chain hash of all tokens up to the page's end; meaningful while it has an entry.</summary>
    internal UInt128 ChainHash { get; set; }

    /// <summary>The tokens whose keys and values the page holds; meaningful while it has an entry.</summary>
    internal int[] Tokens { get; } = new int[KvLayout.PagePositions];

    /// <summary>Neighbours in the prefix cache's list of pages that no sequence holds.</summary>
    internal KvPage? Older { get; set; }

    /// <inheritdoc cref="Older"/>
    internal KvPage? Newer { get; set; }
}
