namespace Konko.Protocol.Chat;

/// <summary>The log-probability of a token and its best alternatives.</summary>
public sealed record ChatTokenLogprob
{
    /// <summary>The token's text; bytes that are no whole character are spelled <c>\xf0\x9f</c>.</summary>
    public required string Token { get; init; }

    /// <summary>ln p of the model's own distribution, at least −9999.</summary>
    public required float Logprob { get; init; }

    /// <summary>The token's bytes.</summary>
    public required IReadOnlyList<int> Bytes { get; init; }

    /// <summary>The best alternatives, best first.</summary>
    public required IReadOnlyList<ChatTopLogprob> TopLogprobs { get; init; }
}
