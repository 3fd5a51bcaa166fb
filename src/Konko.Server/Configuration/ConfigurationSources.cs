using System.Collections;

namespace Konko.Server.Configuration;

/// <summary>What was written where, before it is read into options.</summary>
public sealed record ConfigurationSources
{
    /// <summary>Flags by setting name, each with its values; a switch without a value has <c>true</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Flags { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The environment; only names that start with <c>KONKO_</c> matter.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The file that <c>--config</c> names, or null.</summary>
    public string? File { get; init; }

    /// <summary>Where <c>konko.json</c> is looked for when no file is named; null looks nowhere.</summary>
    public string? Directory { get; init; }

    /// <summary>
    /// The user's own folder for data. The models in its <c>models</c> (else in that of the configured data folder) are served
    /// beside the embedded ones where neither models nor a folder of models are named; null or empty is none.
    /// </summary>
    public string? UserDirectory { get; init; }

    /// <summary>The variables of this process.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        return variables;
    }
}
