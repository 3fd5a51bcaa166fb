using System.Text.Json;

namespace Konko.Server.Configuration;

/// <summary>Reads settings from <c>konko.json</c>: one object, comments and trailing commas allowed.</summary>
internal static class ConfigurationFile
{
    private static readonly JsonDocumentOptions s_json = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 16 };

    public static Dictionary<string, SettingValue> Read(string path, List<SettingError> errors)
    {
        var values = new Dictionary<string, SettingValue>(StringComparer.Ordinal);
        JsonElement root;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), s_json);
            root = document.RootElement.Clone();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add(new SettingError("config", path, $"cannot be read: {exception.Message}"));
            return values;
        }
        catch (JsonException exception)
        {
            errors.Add(new SettingError("config", path, JsonText.Explain(exception)));
            return values;
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new SettingError("config", path, "must hold one JSON object."));
            return values;
        }

        string directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (JsonProperty property in root.EnumerateObject())
        {
            Setting? setting = Settings.All.FirstOrDefault(s => s.Name == property.Name);
            if (setting is null)
            {
                errors.Add(new SettingError(property.Name, path, Unknown.Explain("setting", property.Name, Settings.All.Select(s => s.Name))));
                continue;
            }

            if (values.ContainsKey(setting.Name))
            {
                errors.Add(new SettingError(setting.Name, path, "stands twice in the file."));
                continue;
            }

            if (property.Value.ValueKind == JsonValueKind.Null) continue;
            if (Texts(setting.Kind, property.Value) is { } texts) values[setting.Name] = new SettingValue(setting, path, texts, property.Value, directory, errors);
            else errors.Add(new SettingError(setting.Name, path, setting.Kind == SettingKind.List ? "must be a list of strings." : "must be one plain value."));
        }

        return values;
    }

    private static List<string>? Texts(SettingKind kind, JsonElement value)
    {
        if (kind == SettingKind.Objects) return [];
        if (kind != SettingKind.List) return Scalar(value) is string text ? [text] : null;
        var texts = new List<string>();
        foreach (JsonElement item in value.ItemsOrSelf())
        {
            if (item.ValueKind != JsonValueKind.String) return null;
            texts.Add(item.GetString()!);
        }

        return texts;
    }

    private static string? Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };
}
