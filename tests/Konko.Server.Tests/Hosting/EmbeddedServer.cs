namespace Konko.Server.Tests.Hosting;

/// <summary>One server of the embedded model for all tests of a class.</summary>
public sealed class EmbeddedServer : IAsyncLifetime
{
    internal RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RunningServer.StartEmbeddedAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
