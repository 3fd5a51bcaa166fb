using System.Text.Json;
using Konko.Server.Models;

namespace Konko.Server.Configuration;

/// <summary>Reads the settings <c>models</c> and <c>aliases</c>.</summary>
internal static class ModelSettings
{
    /// <summary>Models as <c>PATH[=ID]</c>, or in a file as objects (<see cref="ModelEntry"/>).</summary>
    public static KonkoOptions ApplyModels(KonkoOptions options, SettingValue value)
    {
        var models = new List<ModelOptions>();
        if (value.Json is JsonElement json)
        {
            foreach (JsonElement element in json.ItemsOrSelf())
            {
                if (FromJson(element, value) is ModelOptions model) models.Add(model);
            }
        }
        else
        {
            models.AddRange(value.Texts.Select(text => FromText(text, value)));
        }

        return options with { Models = models };
    }

    /// <summary>Aliases as <c>NAME=ID</c>, or in a file as an object.</summary>
    public static KonkoOptions ApplyAliases(KonkoOptions options, SettingValue value)
    {
        var aliases = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (value.Json is JsonElement json)
        {
            if (json.ValueKind != JsonValueKind.Object)
            {
                value.Fail("must be an object of names and model ids.");
                return options;
            }

            foreach (JsonProperty property in json.EnumerateObject())
            {
                if (property.Value.ValueKind != JsonValueKind.String) value.Fail($"'{property.Name}' must be a model's id as a string.");
                else Add(property.Name, property.Value.GetString()!);
            }
        }
        else
        {
            foreach (string text in value.Texts)
            {
                int equals = text.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0 || equals == text.Length - 1) value.Fail($"must be NAME=ID, not '{text}'.");
                else Add(text[..equals], text[(equals + 1)..]);
            }
        }

        return options with { Aliases = aliases };

        void Add(string name, string id)
        {
            if (!aliases.TryAdd(name.Trim(), id.Trim())) value.Fail($"names '{name}' twice.");
        }
    }

    private static ModelOptions FromText(string text, SettingValue value)
    {
        int equals = text.LastIndexOf('=');
        // A path may hold the sign; an id never ends like a file.
        bool hasId = equals > 0 && equals < text.Length - 1 && !text.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);
        return hasId
            ? new ModelOptions { Path = value.PathOf(text[..equals]), Id = text[(equals + 1)..] }
            : new ModelOptions { Path = value.PathOf(text) };
    }

    private static ModelOptions? FromJson(JsonElement element, SettingValue value)
    {
        if (element.ValueKind == JsonValueKind.String) return FromText(element.GetString()!, value);
        if (element.ValueKind != JsonValueKind.Object)
        {
            value.Fail("each model must be a path, or an object with 'path'.");
            return null;
        }

        ModelEntry entry;
        try
        {
            entry = element.Deserialize(ModelsJsonContext.Default.ModelEntry)!;
        }
        catch (JsonException exception)
        {
            value.Fail($"{JsonText.Explain(exception)} A model has 'path', 'id', 'alias' (a string or a list), 'load', 'unload_after', 'chat_template' and 'metadata'.");
            return null;
        }

        if (string.IsNullOrEmpty(entry.Path))
        {
            value.Fail("a model has no 'path'.");
            return null;
        }

        var aliases = new List<string>();
        if (entry.Alias is { } alias && !TryStrings(alias, aliases))
        {
            value.Fail("'alias' must be a string or a list of strings.");
            return null;
        }

        return new ModelOptions
        {
            Path = value.PathOf(entry.Path),
            Id = entry.Id,
            Aliases = aliases,
            Load = entry.Load is string load ? value.Load(load) : null,
            UnloadAfter = entry.UnloadAfter is string after ? value.Duration(after) : null,
            ChatTemplate = entry.ChatTemplate is string template ? value.PathOf(template) : null,
            Metadata = entry.Metadata ?? new ModelMetadata(),
        };
    }

    private static bool TryStrings(JsonElement element, List<string> strings)
    {
        foreach (JsonElement item in element.ItemsOrSelf())
        {
            if (item.ValueKind != JsonValueKind.String) return false;
            strings.Add(item.GetString()!);
        }

        return true;
    }
}
