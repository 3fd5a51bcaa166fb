using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Konko.Server.Reference;

/// <summary>Schemas and descriptions in words, as HTML.</summary>
internal static partial class ReferenceText
{
    private static readonly (string Keyword, string Words)[] s_limits =
    [
        ("minimum", "at least"), ("exclusiveMinimum", "above"), ("maximum", "at most"), ("minLength", "characters at least"), ("maxLength", "characters at most"),
        ("minItems", "items at least"), ("maxItems", "items at most"), ("pattern", "matches"), ("default", "default"),
    ];

    /// <summary>A description: code, strong and emphasised words.</summary>
    /// <param name="text">Markdown.</param>
    public static string Markdown(string text)
    {
        // What stands in code is taken as it is.
        string[] parts = WebUtility.HtmlEncode(text).Split('`');
        for (int i = 0; i < parts.Length; i += 2) parts[i] = Emphasis().Replace(Strong().Replace(parts[i], "<strong>$1</strong>"), "<em>$1</em>");
        for (int i = 1; i < parts.Length; i += 2) parts[i] = $"<code>{parts[i]}</code>";
        return string.Concat(parts);
    }

    /// <summary>What a schema takes.</summary>
    /// <param name="schema">The schema.</param>
    public static string Type(JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            string name = reference.GetString()![(reference.GetString()!.LastIndexOf('/') + 1)..];
            return $"<a href=\"#schema-{name}\">{name}</a>";
        }

        if (schema.TryGetProperty("const", out JsonElement constant)) return Code(constant);
        if (schema.TryGetProperty("enum", out JsonElement values)) return string.Join(", ", values.EnumerateArray().Select(Code));
        if (schema.TryGetProperty("anyOf", out JsonElement options)) return string.Join(" or ", options.EnumerateArray().Select(option => Type(option) + Limits(option)));
        if (!schema.TryGetProperty("type", out JsonElement type)) return "anything";
        if (type.ValueKind == JsonValueKind.Array) return string.Join(" or ", type.EnumerateArray().Select(one => Name(one.GetString()!, schema)));
        return Name(type.GetString()!, schema);
    }

    /// <summary>The bounds and the default of a schema, to stand behind its type.</summary>
    /// <param name="schema">The schema.</param>
    public static string Limits(JsonElement schema)
        => string.Concat(s_limits.Where(limit => schema.TryGetProperty(limit.Keyword, out _)).Select(limit =>
            limit.Words.StartsWith("char", StringComparison.Ordinal) || limit.Words.StartsWith("items", StringComparison.Ordinal)
                ? $", {schema.GetProperty(limit.Keyword)} {limit.Words}"
                : $", {limit.Words} {Code(schema.GetProperty(limit.Keyword))}"));

    private static string Name(string type, JsonElement schema) => type switch
    {
        "array" => schema.TryGetProperty("items", out JsonElement items) ? "list of " + Type(items) : "list",
        "object" when schema.TryGetProperty("properties", out JsonElement members) => "object of " + string.Join(", ", members.EnumerateObject().Select(member => $"<code>{WebUtility.HtmlEncode(member.Name)}</code>")),
        "object" when schema.TryGetProperty("additionalProperties", out JsonElement values) && values.ValueKind == JsonValueKind.Object => "object of " + Type(values),
        _ => type,
    };

    private static string Code(JsonElement value) => $"<code>{WebUtility.HtmlEncode(value.GetRawText())}</code>";

    [GeneratedRegex(@"\*\*([^*]+)\*\*")]
    private static partial Regex Strong();

    [GeneratedRegex(@"(?<!\*)\*([^*]+)\*(?!\*)")]
    private static partial Regex Emphasis();
}
