using System.Text.Json.Serialization;

namespace Konko.Protocol.Chat;

/// <summary>The function that a call is for, or what a chunk adds to it.</summary>
public sealed record ChatFunction
{
    /// <summary>The function's name; left out of all deltas of a call but the first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>The arguments' JSON as text, or the piece to append; empty in a call's first delta.</summary>
    public required string Arguments { get; init; }
}
