using Konko.Http;
using Konko.Json;

namespace Konko;

/// <summary>The server's models: <c>GET /v1/models</c>.</summary>
public sealed class ModelsApi
{
    private readonly Transport _transport;

    internal ModelsApi(Transport transport) => _transport = transport;

    /// <summary>All of them.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="KonkoException">It failed.</exception>
    public async Task<IReadOnlyList<Model>> ListAsync(CancellationToken cancellationToken = default) =>
        SdkJson.Read<ModelPage>(await _transport.SendAsync(HttpMethod.Get, "models", null, cancellationToken).ConfigureAwait(false)).Data;

    /// <summary>One of them.</summary>
    /// <param name="id">Its id or alias.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="KonkoApiException">There is none of that id (404), or the server said no otherwise.</exception>
    /// <exception cref="KonkoException">It failed.</exception>
    public async Task<Model> RetrieveAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return SdkJson.Read<Model>(await _transport.SendAsync(HttpMethod.Get, "models/" + Uri.EscapeDataString(id), null, cancellationToken).ConfigureAwait(false));
    }
}
