using Konko.Engine.Grammar;
using Konko.Engine.Sampling;
using Konko.Server.Generation;

namespace Konko.Server.Providers;

/// <summary>What to generate, validated as far as the API can without knowing the model.</summary>
public sealed record ProviderRequest
{
    /// <summary>The model's canonical id.</summary>
    public required string Model { get; init; }

    /// <summary>What the answer continues.</summary>
    public required Prompt Prompt { get; init; }

    /// <summary>Most tokens of a choice, ≥ 0; null goes on to the end of the answer or of the context.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>How tokens are drawn; the seed is always set.</summary>
    public required SamplingParameters Sampling { get; init; }

    /// <summary>Number of choices, 1 … 128.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Texts that end an answer and that it never holds; at most 4, none empty.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>What the text must look like; null for free text.</summary>
    public CompiledGrammar? Grammar { get; init; }

    /// <summary>Whether every choice begins with the prompt's own text (and its log-probabilities, where asked for).</summary>
    public bool Echo { get; init; }

    /// <summary>When the request came and was understood; the answer's <c>stats</c> are measured by it.</summary>
    public required RequestClock Clock { get; init; }
}
