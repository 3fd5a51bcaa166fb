using Konko.Server.Providers;

namespace Konko.Server.Models;

/// <summary>A model as a request found it, loaded and warm.</summary>
/// <remarks>
/// Finding it holds nothing: where it is unloaded before the provider admits a request, that loads it again, and then
/// holds it until the generation is disposed of. The tokenizer is no part of what is unloaded.
/// </remarks>
public sealed record ServedModel
{
    /// <summary>The canonical id, lower case; goes into the header <c>x-konko-model</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The name that answers echo: the alias that the caller used, or the id.</summary>
    public required string Name { get; init; }

    /// <summary>Who generates its answers.</summary>
    public required IProvider Provider { get; init; }

    /// <summary>How the provider is called: <c>local</c>, or an upstream's name; goes into the header <c>x-konko-provider</c> unless it is null.</summary>
    public string? ProviderName { get; init; }

    /// <summary>Who makes its embeddings; null of a model that makes none.</summary>
    public IEmbedder? Embedder { get; init; }

    /// <summary>Its prompts and tokens; null where an upstream does not tell.</summary>
    public IPromptTokenizer? Tokenizer { get; init; }

    /// <summary>Whether it serves chat completions.</summary>
    public bool IsChat { get; init; }

    /// <summary>Whether it serves text completions.</summary>
    public bool IsText { get; init; }

    /// <summary>Its context in tokens; null where an upstream did not say.</summary>
    public int? ContextLength { get; init; }

    /// <summary>The <c>system_fingerprint</c>: a hash of weights, KV type and arithmetic version; null where an upstream gives none.</summary>
    public string? Fingerprint { get; init; }
}
