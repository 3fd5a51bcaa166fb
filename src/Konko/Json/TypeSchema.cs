using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Konko.Json;

/// <summary>The schema of a type, in the form that servers enforce: every property, and no other.</summary>
internal static class TypeSchema
{
    private static readonly AIJsonSchemaCreateOptions Strict = new()
    {
        TransformOptions = new AIJsonSchemaTransformOptions { DisallowAdditionalProperties = true, RequireAllProperties = true },
    };

    /// <summary>The format of answers that are values of a type.</summary>
    public static ResponseFormat Format(JsonTypeInfo type) =>
        ResponseFormat.ForSchema(AIJsonUtilities.CreateJsonSchema(type.Type, serializerOptions: type.Options, inferenceOptions: Strict), Name(type.Type));

    private static string Name(Type type) => new([.. type.Name.Where(c => char.IsAsciiLetterOrDigit(c) || c == '_')]);
}
