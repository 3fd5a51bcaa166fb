using System.Text.Json;

namespace Konko.Protocol.Responses;

/// <summary>An answer of <c>POST /v1/responses</c>, whole or as far as it has come.</summary>
public sealed record ResponseObject
{
    private static readonly JsonElement s_auto = JsonDocument.Parse("\"auto\"").RootElement;

    /// <summary>A UUID without prefix.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>response</c>.</summary>
    public string Object { get; init; } = "response";

    /// <summary>Seconds since 1970.</summary>
    public required long CreatedAt { get; init; }

    /// <summary><c>in_progress</c>, <c>completed</c> or <c>incomplete</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Always false: nothing goes on when the caller has gone.</summary>
    public bool Background { get; init; }

    /// <summary>Always null: a failure is an error object.</summary>
    public JsonElement? Error { get; init; }

    /// <summary>Why it is incomplete, or null.</summary>
    public ResponseIncomplete? IncompleteDetails { get; init; }

    /// <summary>The request's instructions, or null.</summary>
    public required string? Instructions { get; init; }

    /// <summary>Most tokens as the request has it, or null.</summary>
    public required long? MaxOutputTokens { get; init; }

    /// <summary>The model's name as the caller may use it: an alias, or the id in lower case.</summary>
    public required string Model { get; init; }

    /// <summary>What the model has put out: thoughts, messages, calls of functions.</summary>
    public required IReadOnlyList<ResponseItem> Output { get; init; }

    /// <summary>Whether the model may call several tools at once.</summary>
    public bool ParallelToolCalls { get; init; } = true;

    /// <summary>Always null: nothing is stored.</summary>
    public string? PreviousResponseId { get; init; }

    /// <summary>How hard the model was asked to think.</summary>
    public required ResponseReasoning Reasoning { get; init; }

    /// <summary>Always false.</summary>
    public bool Store { get; init; }

    /// <summary>The temperature.</summary>
    public required double Temperature { get; init; }

    /// <summary>The form of the text.</summary>
    public ResponseText Text { get; init; } = new();

    /// <summary>Which tools may be called: a word, or an object that names one.</summary>
    public JsonElement ToolChoice { get; init; } = s_auto;

    /// <summary>The tools.</summary>
    public IReadOnlyList<JsonElement> Tools { get; init; } = [];

    /// <summary>The share of probability that tokens were drawn from.</summary>
    public required double TopP { get; init; }

    /// <summary>Always <c>disabled</c>: a context that is full is an error.</summary>
    public string Truncation { get; init; } = "disabled";

    /// <summary>What the request cost; null before the end.</summary>
    public ResponseUsage? Usage { get; init; }

    /// <summary>The request's own, or null.</summary>
    public required string? User { get; init; }

    /// <summary>The request's own; an empty object if there is none.</summary>
    public required JsonElement Metadata { get; init; }

    /// <summary>Identifies weights and arithmetic; equal fingerprints and seeds give equal answers.</summary>
    public required string? SystemFingerprint { get; init; }
}

/// <summary>Why an answer is incomplete.</summary>
/// <param name="Reason"><c>max_output_tokens</c>.</param>
public sealed record ResponseIncomplete(string Reason);

/// <summary>How hard the model was asked to think.</summary>
/// <param name="Effort">The request's <c>reasoning.effort</c>, or null.</param>
/// <param name="Summary">Always null: thoughts come as they are.</param>
public sealed record ResponseReasoning(string? Effort, string? Summary = null);

/// <summary>The form of the text.</summary>
public sealed record ResponseText
{
    /// <summary>What the text is.</summary>
    public ResponseFormat Format { get; init; } = new();
}
