using Konko.Server.Api.Errors;

namespace Konko.Server.Providers;

/// <summary>Makes embeddings: the embedded engine, or an upstream.</summary>
public interface IEmbedder
{
    /// <summary>Embeds texts.</summary>
    /// <param name="request">What to embed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The embeddings, or what is wrong with the request or went wrong with it.</returns>
    ValueTask<(EmbeddedTexts? Embedded, ApiError? Error)> EmbedAsync(EmbedderRequest request, CancellationToken cancellationToken);
}
