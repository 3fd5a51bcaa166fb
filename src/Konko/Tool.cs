using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Konko;

/// <summary>A function that the model may call.</summary>
public sealed record Tool
{
    /// <summary>Always <c>function</c>.</summary>
    public string Type { get; init => field = value ?? "function"; } = "function";

    /// <summary>The function.</summary>
    public required ToolFunction Function { get; init; }

    /// <summary>A function by its schema.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does, for the model.</param>
    /// <param name="parameters">The JSON schema of its arguments, as text.</param>
    /// <param name="strict">Whether the server is to enforce the schema.</param>
    /// <exception cref="JsonException">The schema is no JSON.</exception>
    public static Tool Create(string name, string? description = null, string? parameters = null, bool? strict = null) => new()
    {
        Function = new ToolFunction { Name = name, Description = description, Parameters = parameters is null ? null : JsonElement.Parse(parameters), Strict = strict },
    };

    /// <summary>A function of Microsoft.Extensions.AI, such as <c>AIFunctionFactory.Create</c> makes of a method.</summary>
    /// <param name="function">The function.</param>
    /// <param name="strict">Whether the server is to enforce the schema.</param>
    public static Tool From(AIFunctionDeclaration function, bool? strict = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new() { Function = new ToolFunction { Name = function.Name, Description = function.Description is "" ? null : function.Description, Parameters = function.JsonSchema, Strict = strict } };
    }
}
