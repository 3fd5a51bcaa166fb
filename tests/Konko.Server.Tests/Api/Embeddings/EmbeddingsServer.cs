using Konko.Server.Configuration;
using Konko.Server.Tests.Hosting;

namespace Konko.Server.Tests.Api.Embeddings;

/// <summary>One server of the embedded models for all tests of a class, with an alias for the encoder.</summary>
public sealed class EmbeddingsServer : IAsyncLifetime
{
    public const string Id = "sentence-transformers/all-minilm-l6-v2";
    public const string Alias = "text-embedding-3-small";

    internal RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
        => Server = await RunningServer.StartEmbeddedAsync(new KonkoOptions { Aliases = new Dictionary<string, string> { [Alias] = Id } });

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
