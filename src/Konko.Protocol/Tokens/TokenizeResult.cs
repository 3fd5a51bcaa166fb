namespace Konko.Protocol.Tokens;

/// <summary>The answer of <c>POST /v1/tokenize</c>, as vLLM gives it.</summary>
public sealed record TokenizeResult
{
    /// <summary>How many tokens there are.</summary>
    public required int Count { get; init; }

    /// <summary>The model's context in tokens.</summary>
    public required int? MaxModelLen { get; init; }

    /// <summary>The token ids.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>The tokens' literal texts, where asked for.</summary>
    public IReadOnlyList<string>? TokenStrs { get; init; }
}
