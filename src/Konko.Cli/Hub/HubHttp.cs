using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using Konko.Cli.Running;

namespace Konko.Cli.Hub;

/// <summary>
/// Requests to the hub. Redirections are followed here and not by the handler: the key stays with the hub, no way leads from
/// https to http, and what the hub says of a file on the first hop is kept.
/// </summary>
internal sealed class HubHttp : IDisposable
{
    private const int MostHops = 8;
    private const int MostHeaderKibibytes = 32;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly HubEndpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    /// <summary>A client.</summary>
    /// <param name="endpoint">The hub.</param>
    /// <param name="time">The clock.</param>
    /// <param name="handler">For tests; it must not follow redirections.</param>
    public HubHttp(HubEndpoint endpoint, TimeProvider time, HttpMessageHandler? handler = null)
    {
        (_endpoint, _time) = (endpoint, time);
        _http = new HttpClient(handler ?? new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(20),
            MaxResponseHeadersLength = MostHeaderKibibytes,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        string version = typeof(HubHttp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("konko", version));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Asks for something; the answer may be any but a redirection.</summary>
    /// <param name="url">An address on the hub.</param>
    /// <param name="prepare">Adds headers to the request, and to that of every hop.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HubTransientException">No answer came.</exception>
    /// <exception cref="FailureException">The way leads where no pull goes.</exception>
    public async Task<HubAnswer> GetAsync(Uri url, Action<HttpRequestMessage>? prepare, CancellationToken cancellationToken)
    {
        string? sum = null;
        long? bytes = null;
        for (int hop = 0; hop <= MostHops; hop++)
        {
            bool isHub = _endpoint.Owns(url);
            HttpResponseMessage response = await SendAsync(url, isHub, prepare, cancellationToken);
            if (isHub) (sum, bytes) = (Sum(response) ?? sum, Size(response) ?? bytes);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return new HubAnswer(response, sum, bytes, isHub);
            }

            using (response) url = Next(url, response);
        }

        throw new FailureException($"{_endpoint.Url} redirects more than {MostHops} times.");
    }

    /// <summary>Reads a part of a body; a server that falls silent is one that is gone.</summary>
    /// <exception cref="HubTransientException">The connection was cut.</exception>
    public async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(s_patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            return await body.ReadAsync(buffer, either.Token);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw new HubTransientException("the connection was cut");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HubTransientException("nothing came for a minute");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Uri url, bool isHub, Action<HttpRequestMessage>? prepare, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        prepare?.Invoke(request);
        if (isHub && _endpoint.Token is string token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var silence = new CancellationTokenSource(s_patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new FailureException($"{url.Host} cannot be asked: {exception.InnerException?.Message ?? exception.Message}", ExitCodes.Unreachable);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new HubTransientException($"{url.Authority} is not reached: {exception.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HubTransientException($"{url.Authority} did not answer for a minute");
        }
    }

    private static Uri Next(Uri from, HttpResponseMessage response)
    {
        if (response.Headers.Location is not Uri location || !Uri.TryCreate(from, location, out Uri? next)) throw new FailureException($"{from.Host} redirects to nowhere.");
        if (next.Scheme is not ("http" or "https")) throw new FailureException($"{from.Host} redirects to a '{next.Scheme}' address, which is not followed.");
        if (from.Scheme == "https" && next.Scheme == "http") throw new FailureException($"{from.Host} redirects from https to http, which is not followed: anybody on the way could change the file.");
        return next;
    }

    private static string? Sum(HttpResponseMessage response) =>
        Header(response, "X-Linked-Etag") is string tag && HubClient.IsSum(tag.Trim('"')) ? tag.Trim('"').ToLowerInvariant() : null;

    private static long? Size(HttpResponseMessage response) =>
        long.TryParse(Header(response, "X-Linked-Size"), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : null;

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;
}
