namespace Konko.Protocol.Tokens;

/// <summary>The answer of <c>POST /v1/detokenize</c>, as vLLM gives it.</summary>
public sealed record DetokenizeResult
{
    /// <summary>The text of the tokens, special ones with their literal text.</summary>
    public required string Prompt { get; init; }
}
