using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Konko.Server.Tests.Reference;

/// <summary>An operation of a document.</summary>
/// <param name="Method">Its method, in capitals.</param>
/// <param name="Path">Its path.</param>
/// <param name="Request">The body's media type object, or null.</param>
/// <param name="Responses">What it may answer, by status.</param>
/// <param name="Parameters">What it takes beside the body.</param>
internal sealed record ApiOperation(string Method, string Path, JsonElement? Request, IReadOnlyDictionary<int, JsonElement> Responses, IReadOnlyList<JsonElement> Parameters);

/// <summary>Reads an OpenAPI document as a client would, and holds answers against it by an independent validator.</summary>
internal sealed class OpenApi
{
    private readonly JsonElement _root;
    private readonly Dictionary<(string Schema, bool IsAnswer), JsonSchema> _compiled = [];
    private readonly Lock _lock = new();
    private readonly string _schemas;
    private readonly string _strictSchemas;

    public OpenApi(string document)
    {
        using JsonDocument parsed = JsonDocument.Parse(document);
        _root = parsed.RootElement.Clone();
        JsonObject schemas = JsonNode.Parse(document)!["components"]!["schemas"]!.AsObject();
        _schemas = schemas.ToJsonString();
        foreach (JsonNode? schema in schemas.Select(entry => entry.Value)) Close(schema);
        _strictSchemas = schemas.ToJsonString();
        Operations = [.. from path in _root.GetProperty("paths").EnumerateObject()
                         from method in path.Value.EnumerateObject()
                         select Operation(path.Name, method.Name, method.Value)];
    }

    public IReadOnlyList<ApiOperation> Operations { get; }

    /// <summary>Follows a reference, where it is one.</summary>
    public JsonElement Resolve(JsonElement element)
    {
        while (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out JsonElement reference))
        {
            element = _root;
            foreach (string step in reference.GetString()!["#/".Length..].Split('/')) element = element.GetProperty(step);
        }

        return element;
    }

    /// <summary>What a response may be, by media type.</summary>
    public static IEnumerable<(string Media, JsonElement Content)> ContentOf(JsonElement response)
        => response.TryGetProperty("content", out JsonElement content) ? content.EnumerateObject().Select(media => (media.Name, media.Value)) : [];

    /// <summary>The examples of a media type.</summary>
    public static IEnumerable<JsonElement> ExamplesOf(JsonElement content)
        => content.TryGetProperty("examples", out JsonElement examples) ? examples.EnumerateObject().Select(example => example.Value.GetProperty("value")) : [];

    /// <summary>What is wrong with an answer's body; null if nothing is.</summary>
    public string? AnswerErrors(string media, JsonElement content, string body)
    {
        if (media != "text/event-stream")
        {
            if (media != "application/json") return null;
            using JsonDocument document = JsonDocument.Parse(body);
            return Errors(content.GetProperty("schema"), document.RootElement, isAnswer: true);
        }

        foreach (string line in body.Split('\n'))
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal))
            {
                if (line.Length > 0 && line != ": ping" && !line.StartsWith("event: ", StringComparison.Ordinal) && !line.StartsWith("id: ", StringComparison.Ordinal)) return $"no line of an event: {line}";
                continue;
            }

            if (line == "data: [DONE]") continue;
            using JsonDocument document = JsonDocument.Parse(line["data: ".Length..]);
            if (Errors(content.GetProperty("x-event-schema"), document.RootElement, isAnswer: true) is string errors) return errors;
        }

        return null;
    }

    /// <summary>How a value fails a schema of the document; null if it does not. An answer may hold nothing that its schema does not name.</summary>
    public string? Errors(JsonElement schema, JsonElement value, bool isAnswer)
    {
        JsonSchema compiled = Compiled(schema.GetRawText(), isAnswer);
        lock (_lock)
        {
            EvaluationResults results = compiled.Evaluate(value, new EvaluationOptions { OutputFormat = OutputFormat.List });
            if (results.IsValid) return null;
            IEnumerable<string> messages = (results.Details ?? []).Where(detail => detail.Errors is not null).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}")).Distinct().Take(10);
            return string.Join("; ", messages) + " in " + value.GetRawText();
        }
    }

    private JsonSchema Compiled(string schema, bool isAnswer)
    {
        lock (_lock)
        {
            if (_compiled.TryGetValue((schema, isAnswer), out JsonSchema? known)) return known;
            string own = schema.Trim()[1..^1];
            string text = "{" + own + (own.Trim().Length > 0 ? "," : "") + "\"$defs\":" + (isAnswer ? _strictSchemas : _schemas) + "}";
            return _compiled[(schema, isAnswer)] = JsonSchema.FromText(text.Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
        }
    }

    private static void Close(JsonNode? node)
    {
        if (node is JsonArray list) foreach (JsonNode? item in list) Close(item);
        if (node is not JsonObject schema) return;
        foreach ((_, JsonNode? member) in schema.ToList()) Close(member);
        if (schema["properties"] is JsonObject && schema["type"] is JsonValue type && type.GetValueKind() == JsonValueKind.String && (string)type! == "object") schema["additionalProperties"] = false;
    }

    private ApiOperation Operation(string path, string method, JsonElement operation) => new(
        method.ToUpperInvariant(),
        path,
        operation.TryGetProperty("requestBody", out JsonElement body) ? Resolve(body).GetProperty("content").GetProperty("application/json") : null,
        operation.GetProperty("responses").EnumerateObject().ToDictionary(response => int.Parse(response.Name, CultureInfo.InvariantCulture), response => Resolve(response.Value)),
        operation.TryGetProperty("parameters", out JsonElement parameters) ? [.. parameters.EnumerateArray().Select(Resolve)] : []);
}
