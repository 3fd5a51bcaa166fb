namespace Konko.Protocol.Answers;

/// <summary>More about a prompt's tokens.</summary>
public sealed record PromptTokensDetails
{
    /// <summary>Those that came from the prefix cache.</summary>
    public required int CachedTokens { get; init; }
}
