using System.Text.Json.Serialization;
using Konko.Protocol.Answers;

namespace Konko.Protocol.Chat;

/// <summary>A whole answer of <c>POST /v1/chat/completions</c>.</summary>
public sealed record ChatCompletion
{
    /// <summary>A UUID without prefix.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>chat.completion</c>.</summary>
    public string Object { get; init; } = "chat.completion";

    /// <summary>Seconds since 1970.</summary>
    public required long Created { get; init; }

    /// <summary>The model's name as the caller may use it: an alias, or the id in lower case.</summary>
    public required string Model { get; init; }

    /// <summary>The choices by index.</summary>
    public required IReadOnlyList<ChatChoice> Choices { get; init; }

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
