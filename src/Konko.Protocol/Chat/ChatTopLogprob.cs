namespace Konko.Protocol.Chat;

/// <summary>An alternative to a token.</summary>
public sealed record ChatTopLogprob
{
    /// <summary>The token's text; bytes that are no whole character are spelled <c>\xf0\x9f</c>.</summary>
    public required string Token { get; init; }

    /// <summary>ln p of the model's own distribution, at least −9999.</summary>
    public required float Logprob { get; init; }

    /// <summary>The token's bytes.</summary>
    public required IReadOnlyList<int> Bytes { get; init; }
}
