namespace Konko.Engine.Cache;

/// <summary>The pages of one sequence, in order of positions, and how many positions hold keys and values.</summary>
public sealed class KvSequence
{
    private readonly List<KvPage> _pages = [];

    /// <summary>Positions written so far.</summary>
    public int Length { get; set; }

    /// <summary>Positions that the pages could hold.</summary>
    public int Capacity => _pages.Count * KvLayout.PagePositions;

    /// <summary>The pages; page i holds positions 32·i … 32·i + 31.</summary>
    public List<KvPage> Pages => _pages;

    /// <summary>How many of the first pages the prefix cache knows.</summary>
    internal int PublishedPages { get; set; }

    /// <summary>Where the last of them stands in its chain.</summary>
    internal PrefixLink Link { get; set; }
}
