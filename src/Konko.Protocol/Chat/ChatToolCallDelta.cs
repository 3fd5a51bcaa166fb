using System.Text.Json.Serialization;

namespace Konko.Protocol.Chat;

/// <summary>What a chunk adds to a call.</summary>
public sealed record ChatToolCallDelta
{
    /// <summary>The call's number within its choice, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The call's id, on its first delta only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    /// <summary><c>function</c>, on the call's first delta only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Type { get; init; }

    /// <summary>The name on the first delta, then pieces of the arguments.</summary>
    public required ChatFunction Function { get; init; }
}
