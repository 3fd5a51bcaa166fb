using System.Text.RegularExpressions;
using Konko.Cli.Running;
using Konko.Server.Configuration;
using Konko.Server.Models;

namespace Konko.Cli.Models;

/// <summary>The folder of this user's models, which <c>konko serve</c> serves, and what it serves beside it.</summary>
internal sealed partial class ModelsFolder
{
    private readonly KonkoOptions _options;

    private ModelsFolder(KonkoOptions options, string path) => (_options, Path) = (options, path);

    /// <summary>The folder, which may not be there yet.</summary>
    public string Path { get; }

    /// <summary>Whether it is there.</summary>
    public bool Exists => Directory.Exists(Path);

    /// <summary>The folder that is meant.</summary>
    /// <param name="named">What <c>--models-dir</c> names; null takes that of <c>konko.json</c> or the environment, else the user's own.</param>
    /// <exception cref="UsageException">A setting is wrong.</exception>
    public static ModelsFolder Find(string? named) => Find(named, new ConfigurationSources
    {
        Environment = ConfigurationSources.ProcessEnvironment(),
        Directory = Directory.GetCurrentDirectory(),
        UserDirectory = UserFolder.Path,
    });

    internal static ModelsFolder Find(string? named, ConfigurationSources sources)
    {
        if (named is { Length: 0 }) throw new UsageException("--models-dir must name a folder.");
        LoadedConfiguration configuration = ConfigurationLoader.Load(sources);
        // A folder or a file that is missing keeps a server from starting; here it is what is about to be put right.
        if (configuration.Errors.FirstOrDefault(error => error.Setting is not ("models" or "models_dir")) is SettingError wrong) throw new UsageException(wrong.ToString());
        string path = named ?? ConfigurationLoader.ModelsDirectory(configuration.Options, sources.UserDirectory)
            ?? throw new UsageException("this user has no folder of their own; name one for models with --models-dir.");
        return new ModelsFolder(configuration.Options, System.IO.Path.GetFullPath(path));
    }

    /// <summary>What would be served here: the models that are named or come with Konko, and those of the folder.</summary>
    /// <param name="skipped">Files of the folder that cannot be served, each with the reason.</param>
    public IReadOnlyList<ModelOptions> Read(out IReadOnlyList<string> skipped)
    {
        ModelOptions[] named = [.. (_options.Models.Count > 0 ? _options.Models : ModelCatalogue.Embedded()).Select(model => model with { Id = ModelCatalogue.IdOf(model) })];
        if (!Exists)
        {
            skipped = [];
            return named;
        }

        ModelFolder folder = ModelFolder.Read(Path, named);
        skipped = folder.Skipped;
        return [.. named, .. folder.Models];
    }

    /// <summary>The model of an id, of a file's name with or without <c>.gguf</c>, or of a path to one; null where there is none.</summary>
    public ModelOptions? FindModel(string name)
    {
        IReadOnlyList<ModelOptions> models = Read(out _);
        return models.FirstOrDefault(model => name.Equals(model.Id, StringComparison.OrdinalIgnoreCase) || model.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase))
            ?? models.FirstOrDefault(model => IsFile(model.Path, name))
            ?? (File.Exists(name) ? new ModelOptions { Path = System.IO.Path.GetFullPath(name), Id = ModelCatalogue.IdOf(new ModelOptions { Path = name }) } : null);
    }

    /// <summary>The id by which a file of the folder is served; null where it is not.</summary>
    public string? IdOf(string path) => Read(out _).FirstOrDefault(model => string.Equals(model.Path, path, StringComparison.Ordinal))?.Id;

    /// <summary>The files of the folder that a name stands for: a model's, all of a split one's, or what an unfinished pull left.</summary>
    /// <exception cref="UsageException">There are none within the folder.</exception>
    public IReadOnlyList<string> FilesOf(string name)
    {
        string[] files = Exists ? [.. Directory.EnumerateFiles(Path).Where(file => ModelFile().IsMatch(System.IO.Path.GetFileName(file))).Order(StringComparer.Ordinal)] : [];
        string? one = files.FirstOrDefault(file => IsFile(Finished(file), name) || System.IO.Path.GetFileName(file) == name);
        if (one is null && FindModel(name) is ModelOptions model)
        {
            one = files.FirstOrDefault(file => file == model.Path) ?? throw new UsageException($"'{name}' is {model.Path}, which is not in {Path}: only files of that folder are removed.");
        }

        if (one is null) throw new UsageException($"there is no model '{name}' in {Path}; 'konko models list' shows what there is.");
        string whole = Whole(Finished(one));
        return [.. files.Where(file => Whole(Finished(file)) == whole)];
    }

    private static bool IsFile(string path, string name)
    {
        string file = System.IO.Path.GetFileName(path);
        return file == name || System.IO.Path.GetFileNameWithoutExtension(file) == name || Whole(file) == name;
    }

    private static string Finished(string file) => Unfinished().Replace(file, "");

    // All parts of a split model have one name but for their numbers.
    private static string Whole(string file) => PartNumber().Replace(file, "-of-$1.gguf");

    [GeneratedRegex(@"\.gguf(\.part(\.json)?)?\z", RegexOptions.IgnoreCase)]
    private static partial Regex ModelFile();

    [GeneratedRegex(@"\.part(\.json)?\z")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"-[0-9]{5}-of-([0-9]{5})\.gguf\z", RegexOptions.IgnoreCase)]
    private static partial Regex PartNumber();
}
