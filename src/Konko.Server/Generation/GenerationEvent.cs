using Konko.Server.Api.Errors;
using Konko.Server.Generation.Tools;

namespace Konko.Server.Generation;

/// <summary>One entry of a request's event log; every answer, streamed or whole, is a rendering of that log.</summary>
public abstract record GenerationEvent;

/// <summary>The prompt's own text at the head of a choice, where the caller asked for an echo.</summary>
/// <param name="Choice">The choice, from 0.</param>
/// <param name="Text">The prompt as text.</param>
/// <param name="LogProbs">The prompt tokens' log-probabilities, where asked for.</param>
public sealed record PromptEchoed(int Choice, string Text, IReadOnlyList<LogProbEntry>? LogProbs) : GenerationEvent;

/// <summary>One step of a choice: a token, the text that has become safe with it, or the choice's end.</summary>
/// <param name="Choice">The choice, from 0.</param>
/// <param name="Token">The token; null where an upstream has none, or where an end comes without one.</param>
/// <param name="Content">The text that is safe to show: never half a character, nor what may become a stop string.</param>
public sealed record ChoiceAdvanced(int Choice, GeneratedToken? Token, string Content) : GenerationEvent
{
    /// <summary>What the model thinks aloud and is safe to show; of a step that gives both, it comes before the content.</summary>
    public string Thought { get; init; } = "";

    /// <summary>The model's own log-probabilities of this step, where asked for.</summary>
    public LogProbEntry? LogProbs { get; init; }

    /// <summary>What this step adds to tool calls, of each call one delta at most.</summary>
    public IReadOnlyList<ToolCallDelta> Calls { get; init; } = [];

    /// <summary>Set on the choice's last event.</summary>
    public ChoiceEnd? End { get; init; }

    /// <summary>Set on the last event of all.</summary>
    public TokenUsage? Usage { get; init; }
}

/// <summary>The generation broke; nothing follows.</summary>
/// <param name="Error">What to tell the caller.</param>
public sealed record GenerationFailed(ApiError Error) : GenerationEvent;
