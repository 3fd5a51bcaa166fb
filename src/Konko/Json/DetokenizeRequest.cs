namespace Konko.Json;

/// <summary>The body of <c>POST /v1/detokenize</c>.</summary>
internal sealed record DetokenizeRequest
{
    public required string Model { get; init; }

    public required IReadOnlyList<int> Tokens { get; init; }
}
