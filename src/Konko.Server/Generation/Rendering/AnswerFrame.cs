namespace Konko.Server.Generation.Rendering;

/// <summary>What stands around an answer's events, the same in every chunk.</summary>
public sealed record AnswerFrame
{
    /// <summary>The answer's id, a UUID without prefix.</summary>
    public required string Id { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required long Created { get; init; }

    /// <summary>The model's name as the answer echoes it.</summary>
    public required string Model { get; init; }

    /// <summary>The <c>system_fingerprint</c>, or null.</summary>
    public required string? Fingerprint { get; init; }

    /// <summary>The seed, or null where an upstream did not say.</summary>
    public required long? Seed { get; init; }

    /// <summary>Length of each prompt in tokens, null where an upstream did not say; choices belong to prompts in turn.</summary>
    public required IReadOnlyList<int?> PromptTokens { get; init; }

    /// <summary>Choices of each prompt.</summary>
    public required int ChoicesPerPrompt { get; init; }

    /// <summary>Whether log-probabilities were asked for.</summary>
    public bool LogProbs { get; init; }

    /// <summary>Whether usage comes on a chunk of its own.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Whether details were asked for.</summary>
    public bool Details { get; init; }

    /// <summary>Whether <c>role</c> stands in a choice's first delta only, for clients that concatenate every string.</summary>
    public bool RoleOnce { get; init; }

    /// <summary>Whether, where there are log-probabilities, a chunk with the role alone goes before a choice's first, for clients that count those of the first twice.</summary>
    public bool LeadsWithRole { get; init; }

    /// <summary>Whether calls are shown in the older form, as <c>function_call</c>.</summary>
    public bool FunctionCall { get; init; }

    /// <summary>Number of choices.</summary>
    public int Choices => PromptTokens.Count * ChoicesPerPrompt;
}
