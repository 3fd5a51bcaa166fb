using System.Text.Json.Serialization;
using Konko.Json;

namespace Konko;

/// <summary>Whether the model calls tools, and which.</summary>
[JsonConverter(typeof(ToolChoiceConverter))]
public sealed record ToolChoice
{
    private ToolChoice(string mode, string? function) => (Mode, FunctionName) = (mode, function);

    /// <summary>As the model likes.</summary>
    public static ToolChoice Auto { get; } = new("auto", null);

    /// <summary>No tool.</summary>
    public static ToolChoice None { get; } = new("none", null);

    /// <summary>At least one.</summary>
    public static ToolChoice Required { get; } = new("required", null);

    /// <summary><c>auto</c>, <c>none</c>, <c>required</c> or <c>function</c>.</summary>
    public string Mode { get; }

    /// <summary>The one that must be called.</summary>
    public string? FunctionName { get; }

    /// <summary>That one.</summary>
    /// <param name="name">The function's name.</param>
    public static ToolChoice Function(string name) => new("function", name);
}
