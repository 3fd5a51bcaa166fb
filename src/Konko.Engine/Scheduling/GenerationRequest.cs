using Konko.Engine.Grammar;
using Konko.Engine.Sampling;

namespace Konko.Engine.Scheduling;

/// <summary>What to generate, in tokens.</summary>
public sealed record GenerationRequest
{
    /// <summary>The prompt's token ids, at least one; with room for at least one more token in the context.</summary>
    public required IReadOnlyList<int> Prompt { get; init; }

    /// <summary>Most tokens of a choice, 0 or more; already clamped to the context by the caller.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Number of choices; they share the prompt's prefill and pages.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>How tokens are drawn.</summary>
    public SamplingParameters Sampling { get; init; } = new();

    /// <summary>What the text must look like, over the model's vocabulary; null for free text.</summary>
    public TokenGrammar? Grammar { get; init; }

    /// <summary>How many alternatives to report for each prompt token; null reports none at all.</summary>
    public int? PromptLogProbs { get; init; }
}

/// <summary>Why a choice ended by itself.</summary>
public enum EndReason
{
    /// <summary>An end-of-generation token was drawn.</summary>
    EndOfGeneration,

    /// <summary>The last allowed token was drawn and it was not an end token.</summary>
    Length,
}

/// <summary>Something the engine has to say about a running request, in order.</summary>
public abstract record GenerationOutput;

/// <summary>First of all outputs: the request left the queue.</summary>
/// <param name="CachedTokens">Prompt tokens whose keys and values came from the prefix cache.</param>
/// <param name="QueueTime">Time spent waiting.</param>
public sealed record GenerationStarted(int CachedTokens, TimeSpan QueueTime) : GenerationOutput;

/// <summary>The prompt's own log-probabilities, before the first token, where asked for.</summary>
/// <param name="Tokens">One entry a prompt token; the first is null, since nothing stands before it.</param>
public sealed record PromptScored(IReadOnlyList<TokenLogProbs?> Tokens) : GenerationOutput;

/// <summary>A drawn token, in the moment it is known.</summary>
/// <param name="Choice">0 … Choices − 1.</param>
/// <param name="Token">The draw.</param>
/// <param name="End">Set on the choice's last token; end tokens are outputs too.</param>
public sealed record TokenGenerated(int Choice, SampledToken Token, EndReason? End) : GenerationOutput;
