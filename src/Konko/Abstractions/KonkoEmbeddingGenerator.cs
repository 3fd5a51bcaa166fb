using Microsoft.Extensions.AI;

namespace Konko.Abstractions;

/// <summary>Embeddings as Microsoft.Extensions.AI asks for them.</summary>
internal sealed class KonkoEmbeddingGenerator(KonkoClient client, string model) : IEmbeddingGenerator<string, Embedding<float>>
{
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var request = new EmbeddingRequest { Model = options?.ModelId ?? model, Input = [.. values], Dimensions = options?.Dimensions };
        if (request.Input.Count == 0) return [];
        EmbeddingAnswer answer = await client.Embeddings.CreateAsync(request, cancellationToken).ConfigureAwait(false);
        return new(answer.Data.Select(item => new Embedding<float>(item.Embedding.Values) { ModelId = answer.Model }))
        {
            Usage = answer.Usage is { } usage ? new UsageDetails { InputTokenCount = usage.PromptTokens, TotalTokenCount = usage.TotalTokens } : null,
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(EmbeddingGeneratorMetadata)) return new EmbeddingGeneratorMetadata("konko", client.BaseUrl, model);
        if (serviceType == typeof(KonkoClient)) return client;
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    public void Dispose()
    {
        // The client is the caller's.
    }
}
