namespace Konko.Engine.Grammar.Matching;

/// <summary>What a <see cref="Skeleton"/> knows of a node.</summary>
internal enum SkeletonKind : byte
{
    /// <summary>It and all below it have the categories in question only.</summary>
    Whole,

    /// <summary>It has, but not all below it; those follow.</summary>
    Mixed,

    /// <summary>It has not.</summary>
    Other,
}
