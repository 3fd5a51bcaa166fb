using Konko.Server.Providers;

namespace Konko.Server.Models;

/// <summary>A model that is loaded and warm.</summary>
internal sealed record LoadedModel
{
    /// <summary>Who generates its answers.</summary>
    public required IProvider Provider { get; init; }

    /// <summary>Its prompts and tokens.</summary>
    public IPromptTokenizer? Tokenizer { get; init; }

    /// <summary>Its <c>system_fingerprint</c>.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Its context in tokens, as configured.</summary>
    public int? ContextLength { get; init; }

    /// <summary>What is disposed with it.</summary>
    public IAsyncDisposable? Resources { get; init; }
}
