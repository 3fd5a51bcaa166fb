namespace Konko.Protocol.Chat;

/// <summary>A call of a whole answer.</summary>
public sealed record ChatToolCall
{
    /// <summary>The call's id, to be named by its result.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>function</c>.</summary>
    public string Type { get; init; } = "function";

    /// <summary>The function and its arguments.</summary>
    public required ChatFunction Function { get; init; }
}
