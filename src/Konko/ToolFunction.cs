using System.Text.Json;

namespace Konko;

/// <summary>A function as the model sees it.</summary>
public sealed record ToolFunction
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public string? Description { get; init; }

    /// <summary>The JSON schema of its arguments.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>Whether the server is to enforce the schema.</summary>
    public bool? Strict { get; init; }
}
