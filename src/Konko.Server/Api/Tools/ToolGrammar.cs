using System.Text.Json;
using Konko.Engine.Grammar;
using Konko.Server.Api.Answers;
using Konko.Server.Api.Validation;
using Konko.Server.Generation.Tools;

namespace Konko.Server.Api.Tools;

/// <summary>What an answer must look like that has to be a call, or one of calls and an object that satisfies a schema.</summary>
internal static class ToolGrammar
{
    private const int MaxCalls = 16;

    private static readonly string[] s_values = ["const", "enum", "default", "examples"];
    private static readonly string[] s_maps = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
    private static readonly string[] s_openers = ["additionalProperties", "patternProperties", "unevaluatedProperties", "allOf", "anyOf", "oneOf", "$ref", "$dynamicRef", "if"];

    /// <summary>The grammar of a request's answer.</summary>
    /// <param name="parameters">The request's parameters; failed where something cannot be enforced.</param>
    /// <param name="tools">The tools, or null.</param>
    /// <param name="constraint">What else the text must look like, or null.</param>
    /// <returns>The grammar; null for free text.</returns>
    public static CompiledGrammar? Compile(Parameters parameters, ToolOptions? tools, OutputConstraint? constraint)
    {
        bool isForced = tools?.Choice == ToolChoice.Required;
        if (parameters.Failed || (constraint is null && !isForced)) return null;
        if (tools is null) return constraint!.Compile(parameters);
        JsonElement? answer = constraint?.Schema ?? (constraint?.Grammar == CompiledGrammar.JsonObject ? Parse("{\"type\":\"object\"}"u8.ToArray()) : null);
        if (constraint is not null && answer is null)
        {
            parameters.Fail(constraint.Parameter, "cannot be there together with tools.");
            return null;
        }

        // A response format is that of an answer, and a call is none.
        JsonElement schema = Schema(tools, isForced ? null : answer);
        try
        {
            return GrammarCache.Shared.OfSchema(schema);
        }
        catch (GrammarException exception)
        {
            foreach (ToolDefinition tool in tools.Tools)
            {
                if (tool.Parameters is { } own) OutputConstraint.Compiled(parameters, tool.Path, () => CompiledGrammar.OfJsonSchema(own));
            }

            if (!isForced) constraint?.Compile(parameters);
            parameters.Fail(tools.Older ? "functions" : "tools", $"cannot be enforced together: {exception.Message}.");
            return null;
        }
    }

    /// <summary>What the arguments of a call must satisfy, as a schema of its own.</summary>
    /// <param name="parameters">The function's schema, or null.</param>
    public static JsonElement Arguments(JsonElement? parameters) => Write(json => WriteArguments(json, parameters, "#/allOf/0"));

    private static JsonElement Schema(ToolOptions tools, JsonElement? answer) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("anyOf");
        bool list = tools.Parallel == true && !tools.Older;
        for (int i = 0; i < tools.Tools.Count; i++) WriteCall(json, tools.Tools[i], i);
        if (list)
        {
            json.WriteStartObject();
            json.WriteString("type", "array");
            json.WriteNumber("minItems", 1);
            json.WriteNumber("maxItems", MaxCalls);
            json.WriteStartObject("items");
            json.WriteStartArray("anyOf");
            for (int i = 0; i < tools.Tools.Count; i++) WriteCall(json, tools.Tools[i], i);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        if (answer is { } schema) WriteSchema(json, schema, $"#/anyOf/{tools.Tools.Count + (list ? 1 : 0)}", closes: false);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteCall(Utf8JsonWriter json, ToolDefinition tool, int index)
    {
        json.WriteStartObject();
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        json.WriteStartObject("name");
        json.WriteString("const", tool.Name);
        json.WriteEndObject();
        json.WritePropertyName("arguments");
        WriteArguments(json, tool.Parameters, $"#/anyOf/{index}/properties/arguments/allOf/0");
        json.WriteEndObject();
        json.WriteStartArray("required");
        json.WriteStringValue("name");
        json.WriteStringValue("arguments");
        json.WriteEndArray();
        json.WriteBoolean("additionalProperties", false);
        json.WriteEndObject();
    }

    // Arguments are an object; one whose properties are listed has no others unless its schema speaks of them, or a weak
    // model would go on inventing some.
    private static void WriteArguments(Utf8JsonWriter json, JsonElement? parameters, string pointer)
    {
        json.WriteStartObject();
        json.WriteStartArray("allOf");
        WriteSchema(json, parameters ?? Parse("{\"properties\":{}}"u8.ToArray()), pointer, closes: true);
        json.WriteEndArray();
        json.WriteString("type", "object");
        json.WriteEndObject();
    }

    /// <summary>Writes a schema within another, its references such that they still mean itself.</summary>
    private static void WriteSchema(Utf8JsonWriter json, JsonElement schema, string pointer, bool closes)
    {
        json.WriteStartObject();
        foreach (JsonProperty member in schema.EnumerateObject()) WriteMember(json, member, pointer, isMap: false);
        if (closes && schema.TryGetProperty("properties", out _) && !s_openers.Any(opener => schema.TryGetProperty(opener, out _))) json.WriteBoolean("additionalProperties", false);
        json.WriteEndObject();
    }

    // The keys of a map are names that the caller chose, not keywords.
    private static void WriteMember(Utf8JsonWriter json, JsonProperty member, string pointer, bool isMap)
    {
        json.WritePropertyName(member.Name);
        bool isReference = !isMap && member is { Name: "$ref", Value.ValueKind: JsonValueKind.String };
        if (isReference && member.Value.GetString() is { } reference && (reference == "#" || reference.StartsWith("#/", StringComparison.Ordinal))) json.WriteStringValue(pointer + reference[1..]);
        else if (!isMap && s_values.Contains(member.Name)) member.Value.WriteTo(json);
        else WriteValue(json, member.Value, pointer, !isMap && s_maps.Contains(member.Name));
    }

    private static void WriteValue(Utf8JsonWriter json, JsonElement value, string pointer, bool isMap)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (JsonProperty member in value.EnumerateObject()) WriteMember(json, member, pointer, isMap);
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray()) WriteValue(json, item, pointer, isMap: false);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static JsonElement Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) write(json);
        return Parse(stream.ToArray());
    }

    // Deeper than a body by what stands around a schema here.
    private static JsonElement Parse(byte[] utf8)
    {
        using JsonDocument document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 2 * RequestBody.MaxDepth });
        return document.RootElement.Clone();
    }
}
