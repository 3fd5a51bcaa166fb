using System.Text.Json;

namespace Konko.Server.Generation.Tools;

/// <summary>Finds the types of parameters, for models that write values without saying what they are.</summary>
internal static class ParameterTypes
{
    /// <summary>The types of a function's parameter.</summary>
    /// <param name="tools">The request's functions.</param>
    /// <param name="function">The function's name.</param>
    /// <param name="parameter">The parameter's name.</param>
    public static ValueTypes Of(IReadOnlyList<ToolDefinition> tools, string function, string parameter)
        => tools.FirstOrDefault(tool => tool.Name == function)?.Parameters is { ValueKind: JsonValueKind.Object } schema
            && schema.TryGetProperty("properties", out JsonElement properties) && properties.ValueKind == JsonValueKind.Object
            && properties.TryGetProperty(parameter, out JsonElement property) && property.ValueKind == JsonValueKind.Object
            ? Of(property)
            : ValueTypes.Any;

    private static ValueTypes Of(JsonElement schema)
    {
        if (schema.TryGetProperty("type", out JsonElement type))
            return type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Aggregate(ValueTypes.None, (types, one) => types | Named(one)) : Named(type);
        if (schema.TryGetProperty("const", out JsonElement constant)) return Of(constant.ValueKind);
        return schema.TryGetProperty("enum", out JsonElement values) && values.ValueKind == JsonValueKind.Array
            ? values.EnumerateArray().Aggregate(ValueTypes.None, (types, value) => types | Of(value.ValueKind))
            : ValueTypes.Any;
    }

    /// <summary>The type of a value.</summary>
    public static ValueTypes Of(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => ValueTypes.Text,
        JsonValueKind.Number => ValueTypes.Number,
        JsonValueKind.True or JsonValueKind.False => ValueTypes.Boolean,
        JsonValueKind.Null => ValueTypes.Null,
        _ => ValueTypes.Container,
    };

    private static ValueTypes Named(JsonElement name) => name.ValueKind != JsonValueKind.String ? ValueTypes.Any : name.GetString() switch
    {
        "string" => ValueTypes.Text,
        "number" or "integer" => ValueTypes.Number,
        "boolean" => ValueTypes.Boolean,
        "null" => ValueTypes.Null,
        "array" or "object" => ValueTypes.Container,
        _ => ValueTypes.Any,
    };
}
