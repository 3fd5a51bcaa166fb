namespace Konko.Json;

/// <summary>The body of <c>POST /v1/tokenize</c>: a text or a conversation.</summary>
internal sealed record TokenizeRequest
{
    public required string Model { get; init; }

    public string? Prompt { get; init; }

    public IEnumerable<Message>? Messages { get; init; }

    public bool? AddSpecialTokens { get; init; }

    public bool? ReturnTokenStrs { get; init; }
}
