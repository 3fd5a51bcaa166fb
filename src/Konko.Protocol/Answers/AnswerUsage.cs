namespace Konko.Protocol.Answers;

/// <summary>What a request cost, in tokens, over all its choices.</summary>
public sealed record AnswerUsage
{
    /// <summary>Tokens of the prompt, counted once.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Sampled tokens, end tokens included.</summary>
    public required int CompletionTokens { get; init; }

    /// <summary>The sum of both.</summary>
    public required int TotalTokens { get; init; }

    /// <summary>More about the prompt's tokens.</summary>
    public required PromptTokensDetails PromptTokensDetails { get; init; }
}
