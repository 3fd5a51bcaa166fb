using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Konko.Protocol.Embeddings;
using Konko.Server.Api.Errors;

namespace Konko.Server.Tests.Reference;

/// <summary>Makes JSON Schemas of the records that go over the wire, with what their documentation says of them.</summary>
internal sealed partial class WireSchemas
{
    private static readonly Dictionary<string, string[]> s_values = new(StringComparer.Ordinal)
    {
        ["ChatChoice.finish_reason"] = ["stop", "length", "tool_calls", "function_call", "content_filter"],
        ["ChatChunkChoice.finish_reason"] = ["stop", "length", "tool_calls", "function_call", "content_filter"],
        ["CompletionChoice.finish_reason"] = ["stop", "length"],
        ["AnswerDetails.finish_reason"] = ["eos_token", "stop_sequence", "length"],
        ["ModelObject.state"] = ["unloaded", "loading", "loaded", "failed"],
        ["ResponseObject.status"] = ["in_progress", "completed", "incomplete"],
        ["ResponseItem.type"] = ["reasoning", "message", "function_call"],
        ["ResponsePart.type"] = ["output_text", "reasoning_text"],
        ["ResponseFormat.type"] = ["text", "json_object", "json_schema"],
        ["ResponseItem.status"] = ["in_progress", "completed", "incomplete"],
        ["ErrorObject.type"] = [ErrorTypes.InvalidRequest, ErrorTypes.Permission, ErrorTypes.RateLimit, ErrorTypes.InsufficientQuota, ErrorTypes.Server, ErrorTypes.Upstream],
    };

    private readonly ConcurrentDictionary<Type, bool> _done = new();
    private readonly NullabilityInfoContext _nullability = new();

    /// <summary>The schemas so far, by the records' names.</summary>
    public SortedDictionary<string, JsonObject> All { get; } = new(StringComparer.Ordinal);

    /// <summary>A reference to a record's schema, which is made where it is not yet.</summary>
    public JsonObject Of(Type type)
    {
        if (_done.TryAdd(type, true)) All.Add(type.Name, Make(type));
        return new JsonObject { ["$ref"] = "#/components/schemas/" + type.Name };
    }

    private JsonObject Make(Type type)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            string name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            bool isLeftOut = property.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.WhenWritingNull };
            properties[name] = Property($"{type.Name}.{name}", property, mayBeNull: !isLeftOut);
            if (!isLeftOut) required.Add((JsonNode)name);
        }

        var schema = new JsonObject { ["type"] = "object", ["description"] = XmlDocs.Of(type), ["properties"] = properties };
        if (required.Count > 0) schema["required"] = required;
        return schema;
    }

    private JsonObject Property(string path, PropertyInfo property, bool mayBeNull)
    {
        string description = XmlDocs.Of(property);
        JsonObject schema = Schema(property.PropertyType, _nullability.Create(property));
        if (Always().Match(XmlDocs.SourceOf(property)) is { Success: true } always)
            schema = always.Groups[1].Success ? new JsonObject { ["type"] = "string", ["const"] = always.Groups[1].Value } : Constant(always.Groups[2].Value);
        if (description.StartsWith("A UUID", StringComparison.Ordinal)) schema["format"] = "uuid";
        bool isNullable = mayBeNull && (Nullable.GetUnderlyingType(property.PropertyType) is not null || _nullability.Create(property).ReadState == NullabilityState.Nullable);
        if (s_values.TryGetValue(path, out string[]? values)) schema["enum"] = new JsonArray([.. values.Select(value => (JsonNode)value)]);
        if (isNullable) schema = OrNull(schema);
        if (description.Length > 0) schema["description"] = description;
        return schema;
    }

    /// <summary>A schema that takes null beside.</summary>
    public static JsonObject OrNull(JsonObject schema)
    {
        if (schema.ContainsKey("$ref"))
        {
            JsonNode? described = schema["description"]?.DeepClone();
            schema.Remove("description");
            var either = new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
            if (described is not null) either["description"] = described;
            return either;
        }

        if (schema["anyOf"] is JsonArray options) options.Add(new JsonObject { ["type"] = "null" });
        if (schema["type"] is JsonValue type && (string)type! != "null") schema["type"] = new JsonArray((string)type!, "null");
        if (schema["enum"] is JsonArray values) values.Add((JsonNode?)null);
        if (schema["const"] is { } constant && constant.GetValueKind() != JsonValueKind.Null)
        {
            schema.Remove("const");
            schema["enum"] = new JsonArray(constant.DeepClone(), null);
        }

        return schema;
    }

    private JsonObject Schema(Type type, NullabilityInfo? nullability)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return new JsonObject { ["type"] = "string" };
        if (type == typeof(bool)) return new JsonObject { ["type"] = "boolean" };
        if (type == typeof(int)) return new JsonObject { ["type"] = "integer" };
        if (type == typeof(long)) return new JsonObject { ["type"] = "integer", ["format"] = "int64" };
        if (type == typeof(float) || type == typeof(double)) return new JsonObject { ["type"] = "number" };
        if (type == typeof(JsonElement)) return [];
        if (type == typeof(EmbeddingVector))
        {
            return new JsonObject
            {
                ["anyOf"] = new JsonArray(
                    new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "number" } },
                    new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64" }),
            };
        }

        if (type.IsGenericType)
        {
            // Of a list the items, of a dictionary the values.
            Type of = type.GetGenericArguments()[^1];
            NullabilityInfo? own = nullability?.GenericTypeArguments.LastOrDefault();
            JsonObject items = Schema(of, own);
            if (Nullable.GetUnderlyingType(of) is not null || own?.ReadState == NullabilityState.Nullable) items = OrNull(items);
            return type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
                ? new JsonObject { ["type"] = "object", ["additionalProperties"] = items }
                : new JsonObject { ["type"] = "array", ["items"] = items };
        }

        return Of(type);
    }

    private static JsonObject Constant(string word) => word == "null" ? new JsonObject { ["type"] = "null" } : new JsonObject { ["type"] = "boolean", ["const"] = word == "true" };

    [GeneratedRegex("^Always (?:<c>([^<]+)</c>|(null|true|false))\\b?")]
    private static partial Regex Always();
}
