namespace Konko.Server.Generation;

/// <summary>How a choice ended.</summary>
/// <param name="FinishReason">What the answer says: <c>stop</c>, <c>length</c>, <c>tool_calls</c> or <c>function_call</c>.</param>
/// <param name="Reason">What the details say.</param>
/// <param name="GeneratedText">The raw text, before tools and thoughts are parsed, without special tokens.</param>
/// <param name="GeneratedTokens">Sampled tokens, an end token included.</param>
/// <param name="Stats">Where the time went.</param>
public sealed record ChoiceEnd(string FinishReason, FinishDetail Reason, string GeneratedText, int GeneratedTokens, GenerationStats Stats);

/// <summary>Why a choice ended, as <c>details</c> spells it.</summary>
public enum FinishDetail
{
    /// <summary><c>eos_token</c>: an end-of-generation token was drawn.</summary>
    EosToken,

    /// <summary><c>stop_sequence</c>: the text reached one of the caller's stop strings.</summary>
    StopSequence,

    /// <summary><c>length</c>: the last allowed token was drawn.</summary>
    Length,
}

/// <summary>Where the time of a choice went.</summary>
/// <param name="Total">From the request's arrival to the choice's end.</param>
/// <param name="Validation">Parsing and validating.</param>
/// <param name="Queue">Waiting for a place in the batch.</param>
/// <param name="Inference">Prefill and decode.</param>
/// <param name="PerToken">Inference for each generated token.</param>
public sealed record GenerationStats(TimeSpan Total, TimeSpan Validation, TimeSpan Queue, TimeSpan Inference, TimeSpan PerToken);

/// <summary>What a request cost, over all its choices.</summary>
/// <param name="PromptTokens">Tokens of the prompt, counted once.</param>
/// <param name="CompletionTokens">Sampled tokens, end tokens included.</param>
/// <param name="CachedTokens">Prompt tokens that came from the prefix cache.</param>
public sealed record TokenUsage(int PromptTokens, int CompletionTokens, int CachedTokens);
