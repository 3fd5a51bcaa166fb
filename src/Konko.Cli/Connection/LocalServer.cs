using System.Security.Cryptography;
using Konko.Cli.Running;
using Konko.Server;
using Konko.Server.Configuration;
using Konko.Server.Hosting;

namespace Konko.Cli.Connection;

/// <summary>
/// A server within this process: on a free port of loopback, behind a key that nobody else knows, keeping nothing on disk. It
/// serves what <c>konko serve</c> would serve here: the models that <c>konko.json</c> or the environment name, else the embedded ones.
/// </summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private const int KeyBytes = 32;
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(1);

    private readonly KonkoServer _server;

    private LocalServer(KonkoServer server, string key)
    {
        (_server, Key) = (server, key);
        BaseUrl = new Uri($"http://{server.EndPoints[0]}/v1/");
    }

    /// <summary>Where it listens.</summary>
    public Uri BaseUrl { get; }

    /// <summary>The key that it wants.</summary>
    public string Key { get; }

    /// <summary>Starts one; models are loaded on the first request for them.</summary>
    /// <param name="modelFile">The one GGUF file to serve; null serves what is configured.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UsageException">A setting is wrong.</exception>
    /// <exception cref="FailureException">It could not be started.</exception>
    public static async Task<LocalServer> StartAsync(string? modelFile, CancellationToken cancellationToken)
    {
        if (modelFile is not null && !File.Exists(modelFile)) throw new UsageException($"there is no file '{modelFile}'.");
        string key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));
        try
        {
            KonkoServer server = KonkoServer.Create(Private(Configured(), modelFile, key));
            var local = new LocalServer(server, key);
            await server.StartAsync(cancellationToken);
            return local;
        }
        catch (Exception exception) when (exception is ListenException or ArgumentException)
        {
            throw new FailureException(exception.Message);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
    }

    internal static KonkoOptions Private(KonkoOptions configured, string? modelFile, string key) => configured with
    {
        Models = modelFile is null ? configured.Models : [new ModelOptions { Path = Path.GetFullPath(modelFile) }],
        ModelsDirectory = modelFile is null ? configured.ModelsDirectory : null,
        Load = ModelLoad.Demand,
        UnloadAfter = Timeout.InfiniteTimeSpan,
        LoadWait = TimeSpan.FromMinutes(10),
        Host = "127.0.0.1",
        Port = 0,
        Keys = [key],
        NoAuth = false,
        TlsCertificate = null,
        TlsKey = null,
        TlsPassword = null,
        H2c = false,
        DataDirectory = "",
        DrainTimeout = s_drain,
    };

    private static KonkoOptions Configured()
    {
        LoadedConfiguration configuration = ConfigurationLoader.Load(new ConfigurationSources
        {
            Environment = ConfigurationSources.ProcessEnvironment(),
            Directory = Directory.GetCurrentDirectory(),
            UserDirectory = UserFolder.Path,
        });
        return configuration.Errors is [var error, ..] ? throw new UsageException(error.ToString()!) : configuration.Options;
    }
}
