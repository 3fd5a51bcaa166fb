using System.Text.Json;

namespace Konko;

/// <summary>A schema that an answer must satisfy.</summary>
public sealed record ResponseSchema
{
    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>The schema.</summary>
    public required JsonElement Schema { get; init; }

    /// <summary>Whether it is enforced.</summary>
    public bool? Strict { get; init; }
}
