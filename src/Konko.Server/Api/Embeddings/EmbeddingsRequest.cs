using Konko.Server.Providers;

namespace Konko.Server.Api.Embeddings;

/// <summary>A request for embeddings, parsed and validated as far as that goes without the model.</summary>
/// <param name="Model">The model as the caller spelled it.</param>
/// <param name="Embedder">What to embed.</param>
/// <param name="IsBase64">Whether vectors are wanted as base64.</param>
internal sealed record EmbeddingsRequest(string Model, EmbedderRequest Embedder, bool IsBase64);
