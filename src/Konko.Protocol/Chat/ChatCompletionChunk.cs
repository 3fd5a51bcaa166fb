using Konko.Protocol.Answers;

namespace Konko.Protocol.Chat;

/// <summary>One chunk of a streamed answer of <c>POST /v1/chat/completions</c>.</summary>
public sealed record ChatCompletionChunk
{
    /// <summary>A UUID without prefix, the same in every chunk.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>chat.completion.chunk</c>.</summary>
    public string Object { get; init; } = "chat.completion.chunk";

    /// <summary>Seconds since 1970, the same in every chunk.</summary>
    public required long Created { get; init; }

    /// <summary>The model's name as the caller may use it: an alias, or the id in lower case.</summary>
    public required string Model { get; init; }

    /// <summary>Identifies weights and arithmetic; equal fingerprints and seeds give equal answers.</summary>
    public required string? SystemFingerprint { get; init; }

    /// <summary>The one choice that the chunk goes on with; none only in the extra chunk that <c>include_usage</c> asks for.</summary>
    public required IReadOnlyList<ChatChunkChoice> Choices { get; init; }

    /// <summary>The sampled token; null where there is none.</summary>
    public AnswerToken? Token { get; init; }

    /// <summary>The choice's raw text, on its last chunk.</summary>
    public string? GeneratedText { get; init; }

    /// <summary>The choice's details, on its last chunk where asked for.</summary>
    public AnswerDetails? Details { get; init; }

    /// <summary>The choice's times, on its last chunk.</summary>
    public AnswerStats? Stats { get; init; }

    /// <summary>What the request cost, on one chunk of the stream.</summary>
    public AnswerUsage? Usage { get; init; }
}
