using System.Text.Json.Serialization;
using Konko.Protocol.Answers;

namespace Konko.Protocol.Completions;

/// <summary>A whole answer of <c>POST /v1/completions</c>.</summary>
public sealed record Completion
{
    /// <summary>A UUID without prefix.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>text_completion</c>.</summary>
    public string Object { get; init; } = "text_completion";

    /// <summary>Seconds since 1970.</summary>
    public required long Created { get; init; }

    /// <summary>The model's name as the caller may use it: an alias, or the id in lower case.</summary>
    public required string Model { get; init; }

    /// <summary>The choices by index: those of the first prompt, then those of the second, and so on.</summary>
    public required IReadOnlyList<CompletionChoice> Choices { get; init; }

    /// <summary>Identifies weights and arithmetic; equal fingerprints and seeds give equal answers.</summary>
    public required string? SystemFingerprint { get; init; }

    /// <summary>What the request cost.</summary>
    public required AnswerUsage? Usage { get; init; }

    /// <summary>The first choice's details; only where asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AnswerDetails? Details { get; init; }

    /// <summary>The first choice's times; only where details were asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AnswerStats? Stats { get; init; }
}
