namespace Konko.Engine.Cache;

/// <summary>One page of the pool, shared by reference count.</summary>
public sealed unsafe class KvPage
{
    internal KvPage(byte* data) => Data = data;

    /// <summary>The page's memory, 64-byte aligned, <see cref="KvLayout.PageBytes"/> long, zeroed when first committed.</summary>
    public byte* Data { get; }

    /// <summary>How many sequences hold the page; owned by the pool.</summary>
    internal int References { get; set; }
}
