namespace Konko.Engine.Gguf;

/// <summary>What a file says about its model, for people and catalogues. What the file does not say, or says in an unusable way, is null.</summary>
public sealed record GgufModelCard
{
    private const int MaxLanguages = 256;
    private const int MaxTextBytes = 64 * 1024;

    /// <summary>Such as <c>llama</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary><c>general.name</c>.</summary>
    public required string? Name { get; init; }

    /// <summary><c>general.basename</c>: the family's name, such as <c>Mistral</c>.</summary>
    public required string? Basename { get; init; }

    /// <summary><c>general.finetune</c>, such as <c>Instruct</c>.</summary>
    public required string? Finetune { get; init; }

    /// <summary><c>general.version</c>, such as <c>v0.1</c>.</summary>
    public required string? Version { get; init; }

    /// <summary><c>general.organization</c>: who made it.</summary>
    public required string? Organization { get; init; }

    /// <summary><c>general.license</c>: an SPDX identifier, lower case.</summary>
    public required string? License { get; init; }

    /// <summary><c>general.license.link</c>.</summary>
    public required string? LicenseLink { get; init; }

    /// <summary><c>general.description</c>.</summary>
    public required string? Description { get; init; }

    /// <summary><c>general.size_label</c>, such as <c>135M</c>.</summary>
    public required string? SizeLabel { get; init; }

    /// <summary>Elements of all tensors.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>The type that most matrix elements have; null of a file without matrices.</summary>
    public required GgmlType? Quantization { get; init; }

    /// <summary>Most positions the model was made for.</summary>
    public required uint? ContextLength { get; init; }

    /// <summary><c>general.languages</c>: two-letter codes; empty where the file gives none.</summary>
    public required IReadOnlyList<string> Languages { get; init; }

    /// <summary>Size of the file or files in bytes.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Reads the card of a file.</summary>
    /// <param name="file">The model.</param>
    public static GgufModelCard Read(GgufFile file)
    {
        GgufMetadata metadata = file.Metadata;
        return new GgufModelCard
        {
            Architecture = metadata.Architecture,
            Name = Text(metadata, "general.name"),
            Basename = Text(metadata, "general.basename"),
            Finetune = Text(metadata, "general.finetune"),
            Version = Text(metadata, "general.version"),
            Organization = Text(metadata, "general.organization"),
            License = Text(metadata, "general.license"),
            LicenseLink = Text(metadata, "general.license.link"),
            Description = Text(metadata, "general.description"),
            SizeLabel = Text(metadata, "general.size_label"),
            ParameterCount = file.Tensors.Sum(tensor => tensor.Elements),
            Quantization = Dominant(file.Tensors),
            ContextLength = metadata.FindUInt32(metadata.Key("context_length")),
            Languages = ReadLanguages(metadata),
            FileBytes = file.FileBytes,
        };
    }

    private static string? Text(GgufMetadata metadata, string key)
        => metadata.StringBytes(key) is > 0 and <= MaxTextBytes ? metadata.GetString(key) : null;

    private static string[] ReadLanguages(GgufMetadata metadata)
    {
        const string Key = "general.languages";
        if (metadata.ElementTypeOf(Key) != GgufValueType.String) return [];
        GgufStringArray languages = metadata.GetStrings(Key);
        return languages.Count <= MaxLanguages && languages.AllBytes.Length <= MaxTextBytes ? [.. languages] : [];
    }

    private static GgmlType? Dominant(IReadOnlyList<GgufTensor> tensors)
        => tensors
            .Where(tensor => tensor.Rows > 1)
            .GroupBy(tensor => tensor.Type)
            .OrderByDescending(group => group.Sum(tensor => tensor.Elements))
            .ThenBy(group => group.Key)
            .Select(group => (GgmlType?)group.Key)
            .FirstOrDefault();
}
