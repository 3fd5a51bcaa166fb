using Konko.Server.Models;

namespace Konko.Server.Configuration;

/// <summary>Reads the options of a server: the file, above it the environment, above that the flags, setting by setting.</summary>
public static class ConfigurationLoader
{
    /// <summary>The file that is read where no other is named.</summary>
    public const string DefaultFile = "konko.json";

    /// <summary>Reads and checks everything; finds all errors, not the first one.</summary>
    /// <param name="sources">What was written where.</param>
    public static LoadedConfiguration Load(ConfigurationSources sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var errors = new List<SettingError>();
        var values = new Dictionary<string, SettingValue>(StringComparer.Ordinal);
        if (FileOf(sources) is string file) Take(ConfigurationFile.Read(file, errors));
        Take(ConfigurationEnvironment.Read(sources.Environment, errors));
        Take(Flags(sources.Flags, errors));

        var options = new KonkoOptions();
        foreach (Setting setting in Settings.All)
        {
            if (values.TryGetValue(setting.Name, out SettingValue? value)) options = setting.Apply(options, value);
        }

        options = WithOwnModels(options, sources.UserDirectory);
        // What was not understood cannot be checked against the rest.
        if (errors.Count == 0) errors.AddRange(OptionsValidator.Validate(options, name => values.TryGetValue(name, out SettingValue? v) ? v.Origin : "default"));
        return new LoadedConfiguration(options, errors);

        void Take(Dictionary<string, SettingValue> layer)
        {
            foreach ((string name, SettingValue value) in layer) values[name] = value;
        }
    }

    /// <summary>The folder of a user's own models: the configured one, else that in the folder for data; null where there is neither.</summary>
    /// <param name="options">What is configured.</param>
    /// <param name="userDirectory">The user's own folder for data; null or empty is none.</param>
    public static string? ModelsDirectory(KonkoOptions options, string? userDirectory)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.ModelsDirectory is not null) return options.ModelsDirectory;
        string? data = string.IsNullOrEmpty(options.DataDirectory) ? userDirectory : options.DataDirectory;
        return string.IsNullOrEmpty(data) ? null : Path.Combine(data, "models");
    }

    // An empty folder is as none: the embedded models are still loaded at start, as without it.
    private static KonkoOptions WithOwnModels(KonkoOptions options, string? userDirectory)
        => options.Models.Count == 0 && options.ModelsDirectory is null && ModelsDirectory(options, userDirectory) is string folder && HasModels(folder)
            ? options with { Models = ModelCatalogue.Embedded(), ModelsDirectory = folder }
            : options;

    private static bool HasModels(string folder)
    {
        try
        {
            return Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.gguf").Any();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? FileOf(ConfigurationSources sources)
    {
        if (sources.File is not null) return sources.File;
        if (sources.Environment.TryGetValue(ConfigurationEnvironment.FileVariable, out string? named) && named.Length > 0) return named;
        if (sources.Directory is null) return null;
        string file = Path.Combine(sources.Directory, DefaultFile);
        return File.Exists(file) ? file : null;
    }

    private static Dictionary<string, SettingValue> Flags(IReadOnlyDictionary<string, IReadOnlyList<string>> flags, List<SettingError> errors)
        => flags.ToDictionary(
            flag => flag.Key,
            flag =>
            {
                Setting setting = Settings.All.First(s => s.Name == flag.Key);
                return new SettingValue(setting, setting.Flag, flag.Value, null, null, errors);
            },
            StringComparer.Ordinal);
}
