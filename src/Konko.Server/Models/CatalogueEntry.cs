namespace Konko.Server.Models;

/// <summary>A model that the catalogue knows.</summary>
internal sealed record CatalogueEntry
{
    /// <summary>The canonical id.</summary>
    public required string Id { get; init; }

    /// <summary>Names of files that are this model.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Whether it comes with Konko and is served when no model is named.</summary>
    public required bool Embedded { get; init; }

    /// <summary>What is known of it.</summary>
    public required ModelMetadata Metadata { get; init; }
}

/// <summary>The catalogue's file.</summary>
internal sealed record CatalogueFile
{
    /// <summary>The models.</summary>
    public required IReadOnlyList<CatalogueEntry> Models { get; init; }
}
