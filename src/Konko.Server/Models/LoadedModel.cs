using Konko.Server.Providers;

namespace Konko.Server.Models;

/// <summary>A model that is loaded and warm: one that generates, or an encoder.</summary>
internal sealed record LoadedModel
{
    /// <summary>Who generates its answers; null of an encoder.</summary>
    public IProvider? Provider { get; init; }

    /// <summary>Who makes its embeddings; null of a model that generates.</summary>
    public IEmbedder? Embedder { get; init; }

    /// <summary>Its prompts and tokens.</summary>
    public IPromptTokenizer? Tokenizer { get; init; }

    /// <summary>Its <c>system_fingerprint</c>.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Its context in tokens, as configured.</summary>
    public int? ContextLength { get; init; }

    /// <summary>What is disposed with it.</summary>
    public IAsyncDisposable? Resources { get; init; }
}
