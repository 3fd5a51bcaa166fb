namespace Konko.Engine.Grammar.Matching;

/// <summary>A node of a <see cref="Skeleton"/>.</summary>
internal readonly record struct SkeletonEntry
{
    /// <summary>The node of the trie.</summary>
    public required int Node { get; init; }

    /// <summary>The entry after those below it.</summary>
    public required int Next { get; init; }

    /// <summary>The length of its string.</summary>
    public required ushort Depth { get; init; }

    /// <summary>The characters on the way to it.</summary>
    public required ushort Characters { get; init; }

    /// <summary>The most characters on the way to anything below it.</summary>
    public required ushort MostCharacters { get; init; }

    /// <summary>The byte that leads to it.</summary>
    public required byte Label { get; init; }

    /// <summary>What is known of it.</summary>
    public required SkeletonKind Kind { get; init; }
}
