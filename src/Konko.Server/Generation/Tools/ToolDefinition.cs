using System.Text.Json;

namespace Konko.Server.Generation.Tools;

/// <summary>A function that a model may call.</summary>
/// <param name="Name">Its name, unique among the request's.</param>
/// <param name="Definition">All that was said of it, in the form of an entry of <c>tools</c>.</param>
/// <param name="Parameters">The JSON Schema of its arguments; null where it takes none.</param>
/// <param name="Strict">Whether the caller wants its arguments to satisfy the schema.</param>
public sealed record ToolDefinition(string Name, JsonElement Definition, JsonElement? Parameters, bool Strict)
{
    /// <summary>Where the schema stands in the request, for messages.</summary>
    public string Path { get; init; } = "";

    /// <summary>Of a strict function: what its arguments must satisfy, an object with no properties but those that the schema speaks of.</summary>
    public JsonElement? Arguments { get; init; }
}
