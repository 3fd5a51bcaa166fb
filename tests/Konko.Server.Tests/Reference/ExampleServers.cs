using Konko.Server.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Konko.Server.Tests.Reference;

/// <summary>The server as a first start has it, but for a clock that stands, so that its answers are the same every time.</summary>
public sealed class ExampleServers : IAsyncLifetime
{
    private KonkoServer _server = null!;

    /// <summary>When everything happens.</summary>
    internal static DateTimeOffset Now { get; } = new(2024, 1, 10, 14, 24, 4, TimeSpan.Zero);

    internal HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _server = KonkoServer.Create(new KonkoOptions { Port = 0 }, services => services.AddSingleton<TimeProvider>(new FakeTimeProvider(Now)));
        await _server.StartAsync(TestContext.Current.CancellationToken);
        await _server.Loading;
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_server.EndPoints[0].Port}") };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
    }
}
