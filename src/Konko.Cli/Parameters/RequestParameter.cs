using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Konko.Cli.Running;

namespace Konko.Cli.Parameters;

/// <summary>One parameter of a request: its name on the wire, its flag, and how its value is written.</summary>
/// <param name="Name">The field of the request, which is also the name that <c>/set</c> takes.</param>
/// <param name="Flag">The flag.</param>
/// <param name="Alias">A short flag, or null.</param>
/// <param name="ValueName">What the help calls the value.</param>
/// <param name="Kind">What the value is.</param>
/// <param name="Scope">Which requests have it.</param>
/// <param name="Description">A line for the help.</param>
internal sealed record RequestParameter(string Name, string Flag, string? Alias, string ValueName, ParameterKind Kind, ParameterScope Scope, string Description)
{
    /// <summary>The value as it is sent. What is in range is for the server to say, whose message names the parameter.</summary>
    /// <param name="texts">The value, or several where the parameter takes several.</param>
    /// <param name="label">What to call the parameter in an error.</param>
    /// <exception cref="UsageException">A value is of the wrong kind.</exception>
    public JsonNode Parse(IReadOnlyList<string> texts, string label) => Kind switch
    {
        ParameterKind.Number => Number(texts[^1], label, "a number"),
        ParameterKind.Integer => long.TryParse(texts[^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
            ? JsonValue.Create(whole)
            : throw Wrong(label, "a whole number", texts[^1]),
        ParameterKind.Switch => texts[^1] switch
        {
            "true" or "on" => JsonValue.Create(true),
            "false" or "off" => JsonValue.Create(false),
            _ => throw Wrong(label, "on or off", texts[^1]),
        },
        ParameterKind.Texts => new JsonArray([.. texts.Select(text => (JsonNode?)JsonValue.Create(Unquoted(text)))]),
        ParameterKind.Biases => Biases(texts, label),
        _ => JsonValue.Create(Unquoted(texts[^1])),
    };

    private static JsonObject Biases(IReadOnlyList<string> texts, string label)
    {
        var biases = new JsonObject();
        foreach (string text in texts.SelectMany(text => text.Split(',')))
        {
            if (text.Split('=') is not [var id, var bias] || !int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int token)) throw Wrong(label, "ID=BIAS, such as 1234=-100", text);
            biases[token.ToString(CultureInfo.InvariantCulture)] = Number(bias, label, "ID=BIAS, such as 1234=-100");
        }

        return biases;
    }

    private static JsonValue Number(string text, string label, string expected) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : throw Wrong(label, expected, text);

    /// <summary>A text in JSON's quotes may have its escapes: <c>"\n"</c> is hard to type otherwise.</summary>
    private static string Unquoted(string text)
    {
        if (text is not ['"', .., '"']) return text;
        try
        {
            return JsonSerializer.Deserialize(text, CliJson.Default.String) ?? text;
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static UsageException Wrong(string label, string expected, string text) => new($"{label} must be {expected}, not '{text}'.");
}
