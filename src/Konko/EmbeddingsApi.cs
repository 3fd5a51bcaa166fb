using Konko.Http;
using Konko.Json;

namespace Konko;

/// <summary>Vectors of texts: <c>POST /v1/embeddings</c>.</summary>
public sealed class EmbeddingsApi
{
    private readonly Transport _transport;

    internal EmbeddingsApi(Transport transport) => _transport = transport;

    /// <summary>The vector of a text.</summary>
    /// <param name="model">The model's id or alias.</param>
    /// <param name="input">The text.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="KonkoException">It failed.</exception>
    public Task<EmbeddingAnswer> CreateAsync(string model, string input, CancellationToken cancellationToken = default) => CreateAsync(model, [input], cancellationToken);

    /// <summary>The vectors of texts.</summary>
    /// <param name="model">The model's id or alias.</param>
    /// <param name="input">The texts.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="KonkoException">It failed.</exception>
    public Task<EmbeddingAnswer> CreateAsync(string model, IReadOnlyList<string> input, CancellationToken cancellationToken = default) =>
        CreateAsync(new EmbeddingRequest { Model = model, Input = input }, cancellationToken);

    /// <summary>The vectors of texts.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="KonkoException">It failed.</exception>
    public async Task<EmbeddingAnswer> CreateAsync(EmbeddingRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RawResponse response = await _transport.SendAsync(HttpMethod.Post, "embeddings", SdkJson.Body(request, request.Extra), cancellationToken).ConfigureAwait(false);
        EmbeddingAnswer answer = SdkJson.Read<EmbeddingAnswer>(response);
        return answer with { Response = response, Data = [.. answer.Data.OrderBy(item => item.Index)] };
    }
}
