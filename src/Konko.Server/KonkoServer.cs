using System.Net;
using System.Security.Cryptography.X509Certificates;
using Konko.Server.Api.Validation;
using Konko.Server.Configuration;
using Konko.Server.Hosting;
using Konko.Server.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Konko.Server;

/// <summary>A whole server of its own, as <c>konko serve</c> runs it.</summary>
public sealed class KonkoServer : IAsyncDisposable
{
    private const double LeastBytesPerSecond = 240;

    private readonly WebApplication _app;
    private readonly ListenSockets _sockets;

    private KonkoServer(WebApplication app, ListenSockets sockets, KonkoOptions options)
    {
        (_app, _sockets) = (app, sockets);
        EndPoints = sockets.EndPoints;
        Options = options;
        Models = app.Services.GetRequiredService<ModelRegistry>();
    }

    /// <summary>What it was made with.</summary>
    public KonkoOptions Options { get; }

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; }

    /// <summary>Completes when every model that is loaded at start is loaded and warm; faults when one could not be.</summary>
    public Task Loading => Models.Loading;

    /// <summary>Fires when the server was told to stop, before it drains.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    /// <summary>Answers that are being generated.</summary>
    public int Running => _app.Services.GetRequiredService<Drain>().Running;

    internal ModelRegistry Models { get; }

    /// <summary>Bytes of bodies that are in memory, but for the first of each.</summary>
    internal long BodyBytes => _app.Services.GetRequiredService<BodyMemory>().Used;

    /// <summary>What it answers to.</summary>
    internal IEnumerable<RouteEndpoint> Routes => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    /// <summary>Binds the addresses and puts the server together; nothing is answered yet.</summary>
    /// <param name="options">What to serve, and where.</param>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    /// <exception cref="ListenException">An address cannot be bound.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The certificate cannot be read.</exception>
    public static KonkoServer Create(KonkoOptions options) => Create(options, _ => { });

    /// <summary>As <see cref="Create(KonkoOptions)"/>, with services of the caller's that go before the server's own.</summary>
    internal static KonkoServer Create(KonkoOptions options, Action<IServiceCollection> services)
    {
        ArgumentNullException.ThrowIfNull(options);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(KonkoServer).Assembly.GetName().Name });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole();
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        // What endpoints throw is logged by the error boundary; Kestrel would tell of every stream that ended in an error.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        // Whoever runs the server learns of it by Loading.
        builder.Logging.AddFilter(typeof(ModelLoading).FullName, LogLevel.None);
        services(builder.Services);
        builder.AddKonko(options);
        builder.Services.AddSingleton<IHostLifetime, SignalLifetime>();

        X509Certificate2? certificate = options.TlsCertificate is null ? null : TlsCertificate.Load(options);
        ListenSockets sockets = ListenSockets.Bind(options);
        builder.WebHost.UseKestrelCore();
        if (certificate is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseSockets(transport =>
        {
            transport.CreateBoundListenSocket = sockets.Of;
            // What is written is sent by whoever wrote it: another thread to do so would take a core from the model for every token.
            transport.UnsafePreferInlineScheduling = true;
        });
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options, sockets, certificate));

        WebApplication app = builder.Build();
        app.MapKonkoAlone();
        return new KonkoServer(app, sockets, options);
    }

    /// <summary>Starts to listen and to load the models.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public Task StartAsync(CancellationToken cancellationToken = default) => _app.StartAsync(cancellationToken);

    /// <summary>Waits until the server was told to stop, and stops it in peace.</summary>
    /// <param name="cancellationToken">Tells it to stop.</param>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) => _app.WaitForShutdownAsync(cancellationToken);

    /// <summary>Stops the server: running answers go on up to the configured limit.</summary>
    /// <param name="cancellationToken">Ends at once.</param>
    public Task StopAsync(CancellationToken cancellationToken = default) => _app.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _sockets.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, KonkoOptions options, ListenSockets sockets, X509Certificate2? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.RequestHeadersTimeout = options.ClientTimeout;
        // Whoever sends or takes a little all the time is slow, and not gone.
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(LeastBytesPerSecond, options.ClientTimeout);
        kestrel.Limits.MinResponseDataRate = new MinDataRate(LeastBytesPerSecond, options.ClientTimeout);
        foreach (IPEndPoint endPoint in sockets.EndPoints)
        {
            kestrel.Listen(endPoint, listen =>
            {
                listen.Protocols = certificate is not null ? HttpProtocols.Http1AndHttp2 : options.H2c ? HttpProtocols.Http2 : HttpProtocols.Http1;
                if (certificate is not null) listen.UseHttps(certificate);
            });
        }
    }
}
