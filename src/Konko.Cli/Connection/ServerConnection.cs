using Konko.Cli.Running;

namespace Konko.Cli.Connection;

/// <summary>
/// The server that a command asks: the one that was named, else a Konko that runs on this machine at the usual address, else one
/// in this process, which nobody else can use and which is gone with the command.
/// </summary>
internal sealed class ServerConnection : IAsyncDisposable
{
    private static readonly Uri s_usual = new("http://localhost:5080/v1/");

    private readonly LocalServer? _local;
    private readonly HttpClient? _http;

    private ServerConnection(KonkoClient client, LocalServer? local, HttpClient? http) => (Client, _local, _http) = (client, local, http);

    /// <summary>The client.</summary>
    public KonkoClient Client { get; }

    /// <summary>Whether the server is part of this process.</summary>
    public bool IsLocal => _local is not null;

    /// <summary>What to call the server.</summary>
    public string Name => IsLocal ? "a server of this command's own" : Client.BaseUrl.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');

    /// <summary>Finds the server, or starts one.</summary>
    /// <param name="settings">Which server.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UsageException">A setting is wrong.</exception>
    public static async Task<ServerConnection> OpenAsync(ConnectionSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Url is not null) return Remote(settings, settings.Url);
        if (settings.ModelFile is null && await AnswersAsync(s_usual, cancellationToken)) return Remote(settings, s_usual);
        LocalServer local = await LocalServer.StartAsync(settings.ModelFile, cancellationToken);
        // No proxy is asked about a server within this process.
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        var options = new KonkoClientOptions { BaseUrl = local.BaseUrl, ApiKey = local.Key, HttpClient = http, AnswerTimeout = System.Threading.Timeout.InfiniteTimeSpan };
        return new ServerConnection(new KonkoClient(Limited(options, settings)), local, http);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _http?.Dispose();
        if (_local is not null) await _local.DisposeAsync();
    }

    private static ServerConnection Remote(ConnectionSettings settings, Uri url) =>
        new(new KonkoClient(Limited(new KonkoClientOptions { BaseUrl = url, ApiKey = settings.ApiKey }, settings)), null, null);

    private static KonkoClientOptions Limited(KonkoClientOptions options, ConnectionSettings settings)
    {
        if (settings.Timeout is { } timeout) (options.FirstTokenTimeout, options.AnswerTimeout) = (timeout, timeout);
        return options;
    }

    /// <summary>Whether a server of models answers there; a program of another kind that has the port does not.</summary>
    private static async Task<bool> AnswersAsync(Uri url, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri(url, "models"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)response.StatusCode is 200 or 401 or 403 or 429 or 503 && response.Content.Headers.ContentType?.MediaType == "application/json";
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
