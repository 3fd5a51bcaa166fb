using System.Text.Json;
using Konko.Server.Configuration;

namespace Konko.Server.Models;

/// <summary>What is known of models beside their files (<c>catalogue.json</c>), and which of them come with Konko.</summary>
public static class ModelCatalogue
{
    private const string Folder = "models";

    private static readonly Lazy<IReadOnlyList<CatalogueEntry>> s_entries = new(Read);

    /// <summary>The models of the catalogue.</summary>
    internal static IReadOnlyList<CatalogueEntry> Entries => s_entries.Value;

    /// <summary>What is known of an id; empty if nothing is.</summary>
    /// <param name="id">The id.</param>
    public static ModelMetadata MetadataOf(string id)
        => Entries.FirstOrDefault(e => string.Equals(e.Id, id, StringComparison.OrdinalIgnoreCase))?.Metadata ?? new ModelMetadata();

    /// <summary>The id of the model that a file of this name is; null where the catalogue knows none.</summary>
    public static string? KnownFile(string name) => Entries.FirstOrDefault(e => e.Files.Contains(name, StringComparer.OrdinalIgnoreCase))?.Id;

    /// <summary>The id that a file is served by: the configured one, the catalogue's for a known file, else the file's name; lower case.</summary>
    /// <param name="model">The file.</param>
    public static string IdOf(ModelOptions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        string file = Path.GetFileName(model.Path);
        string id = model.Id
            ?? KnownFile(file)
            ?? ModelName.FromFile(file);
        return id.ToLowerInvariant();
    }

    /// <summary>The models that come with Konko: beside the program, or in the clone that it was built in.</summary>
    public static IReadOnlyList<ModelOptions> Embedded()
        => [.. Entries.Where(e => e.Embedded).SelectMany(e => e.Files).Select(FindFile).OfType<string>().Select(path => new ModelOptions { Path = path })];

    private static string? FindFile(string file)
    {
        string beside = Path.Combine(AppContext.BaseDirectory, Folder, file);
        if (File.Exists(beside)) return beside;
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (!File.Exists(Path.Combine(directory.FullName, "Konko.slnx"))) continue;
            string inClone = Path.Combine(directory.FullName, Folder, file);
            return File.Exists(inClone) ? inClone : null;
        }

        return null;
    }

    private static IReadOnlyList<CatalogueEntry> Read()
    {
        using Stream stream = typeof(ModelCatalogue).Assembly.GetManifestResourceStream("Konko.Server.Models.catalogue.json")!;
        return JsonSerializer.Deserialize(stream, ModelsJsonContext.Default.CatalogueFile)!.Models;
    }
}
