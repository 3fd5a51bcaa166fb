using Konko.Engine.Grammar;
using Konko.Engine.Sampling;
using Konko.Server.Generation.Rendering;
using Konko.Server.Providers;

namespace Konko.Server.Api.Answers;

/// <summary>A request for an answer, parsed and validated as far as that goes without the model.</summary>
internal sealed record AnswerRequest
{
    /// <summary>The model as the caller spelled it.</summary>
    public required string Model { get; init; }

    /// <summary>The prompts; every one gets <see cref="Choices"/> choices.</summary>
    public required IReadOnlyList<Prompt> Prompts { get; init; }

    /// <summary>Most tokens of a choice, or null.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>How tokens are drawn, but for the seed.</summary>
    public required SamplingParameters Sampling { get; init; }

    /// <summary>The seed, if the caller chose one.</summary>
    public long? Seed { get; init; }

    /// <summary>Choices for each prompt.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Choices that are made for each prompt, of which the best <see cref="Choices"/> are kept; 0 keeps all.</summary>
    public int Candidates { get; init; }

    /// <summary>The stop strings.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>What the text must look like; null for free text.</summary>
    public CompiledGrammar? Grammar { get; init; }

    /// <summary>Whether the prompt is echoed.</summary>
    public bool Echo { get; init; }

    /// <summary>Whether to stream.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether a stream's usage comes on a chunk of its own.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Whether a stream is kept, so that its reader can go on with it.</summary>
    public bool Resumable { get; init; }

    /// <summary>Whether details were asked for.</summary>
    public bool Details { get; init; }

    /// <summary>What a response repeats of its request; null at other endpoints.</summary>
    public ResponseEcho? Response { get; init; }
}
