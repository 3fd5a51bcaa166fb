namespace Konko.Server.Configuration;

/// <summary>Reads settings from variables that start with <c>KONKO_</c>.</summary>
internal static class ConfigurationEnvironment
{
    /// <summary>Names the configuration file.</summary>
    public const string FileVariable = "KONKO_CONFIG";

    // The SDK's and the command line's own, which often stand in the same shell.
    private static readonly string[] s_clientVariables = ["KONKO_API_KEY", "KONKO_BASE_URL", "KONKO_API_BASE", "KONKO_HISTORY"];

    public static Dictionary<string, SettingValue> Read(IReadOnlyDictionary<string, string> environment, List<SettingError> errors)
    {
        var values = new Dictionary<string, SettingValue>(StringComparer.Ordinal);
        foreach ((string name, string text) in environment.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith("KONKO_", StringComparison.Ordinal) || text.Length == 0) continue;
            if (name == FileVariable || s_clientVariables.Contains(name) || IsServiceLink(name, text)) continue;
            Setting? setting = Settings.All.FirstOrDefault(s => s.Variable == name);
            if (setting is null)
            {
                errors.Add(new SettingError(name, "environment", Unknown.Explain("setting", name, Settings.All.Select(s => s.Variable))));
                continue;
            }

            string[] texts = setting.Kind is SettingKind.List or SettingKind.Objects
                ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                : [text];
            values[setting.Name] = new SettingValue(setting, name, texts, null, null, errors);
        }

        return values;
    }

    // Kubernetes tells every pod about a service called "konko" by KONKO_PORT=tcp://…, KONKO_SERVICE_HOST and the like.
    private static bool IsServiceLink(string name, string text)
        => name.StartsWith("KONKO_SERVICE_", StringComparison.Ordinal)
            || name.StartsWith("KONKO_PORT_", StringComparison.Ordinal)
            || (name == "KONKO_PORT" && text.Contains("://", StringComparison.Ordinal));
}
