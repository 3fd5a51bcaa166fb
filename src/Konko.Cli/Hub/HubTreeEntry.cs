namespace Konko.Cli.Hub;

/// <summary>A row of a repository's listing, as the hub writes it.</summary>
internal sealed record HubTreeEntry
{
    /// <summary><c>file</c> or <c>directory</c>.</summary>
    public string? Type { get; init; }

    /// <summary>The path within the repository.</summary>
    public string? Path { get; init; }

    /// <summary>Its size in bytes.</summary>
    public long? Size { get; init; }

    /// <summary>Of a large file: where its content is.</summary>
    public LargeFile? Lfs { get; init; }

    /// <summary>What the hub says of a large file.</summary>
    internal sealed record LargeFile
    {
        /// <summary>The SHA-256 of the content.</summary>
        public string? Oid { get; init; }

        /// <summary>Its size in bytes.</summary>
        public long? Size { get; init; }
    }
}
