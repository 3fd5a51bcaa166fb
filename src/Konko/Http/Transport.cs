using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Konko.Http;

/// <summary>Sends requests: the keys, the retries, the limits of time.</summary>
internal sealed class Transport : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly string Agent = "konko-dotnet/" + typeof(Transport).Assembly.GetName().Version!.ToString(3);

    private readonly KonkoClientOptions _options;
    private readonly KeyValuePair<string, string>[] _headers;
    private readonly HttpClient _http;

    public Transport(KonkoClientOptions options, Settings settings)
    {
        _options = options;
        BaseUrl = settings.BaseUrl;
        Time = options.TimeProvider;
        Logger = options.LoggerFactory?.CreateLogger("Konko.KonkoClient") ?? NullLogger.Instance;
        _headers = [.. Headers(settings, options)];
        _http = options.HttpClient ?? NewClient(options);
    }

    public Uri BaseUrl { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    /// <summary>Sends a request and reads its whole answer.</summary>
    public async Task<RawResponse> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        using var watchdog = new Watchdog(Time, KonkoTimeout.Answer, _options.AnswerTimeout, cancellationToken);
        using HttpResponseMessage response = await OpenAsync(method, path, body, null, watchdog, retry: true).ConfigureAwait(false);
        try
        {
            (ReadOnlyMemory<byte> bytes, bool isCut) = await BoundedBody.ReadAsync(response.Content, BoundedBody.MostBytes, watchdog.Token).ConfigureAwait(false);
            if (isCut) throw new KonkoConnectionException($"The answer is larger than {BoundedBody.MostBytes >> 20} MiB.", null) { Status = (int)response.StatusCode };
            return new RawResponse(response, bytes);
        }
        catch (Exception exception) when (watchdog.Caused(exception))
        {
            throw watchdog.Failure(exception);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // The answer had begun, so the request is not sent again: what it asked for has been done, and perhaps billed.
            throw new KonkoConnectionException("The connection broke within the answer: " + exception.Message, exception) { Status = (int)response.StatusCode };
        }
    }

    /// <summary>Sends a request until its answer begins: the headers of a success. Nothing is sent again after that.</summary>
    /// <exception cref="KonkoException">It was refused, or nobody answered in time.</exception>
    public async Task<HttpResponseMessage> OpenAsync(HttpMethod method, string path, ReadOnlyMemory<byte>? body, string? lastEventId, Watchdog watchdog, bool retry)
    {
        for (int attempt = 1; ; attempt++)
        {
            (HttpResponseMessage? response, KonkoException? failure, bool isTransient, TimeSpan? wait) =
                await TryAsync(method, path, body, lastEventId, watchdog).ConfigureAwait(false);
            if (response is not null) return response;
            TimeSpan delay = wait ?? RetryPolicy.Backoff(attempt);
            if (!retry || !isTransient || attempt > _options.MaxRetries || delay > _options.MaxRetryDelay) throw failure!;
            Log.Retry(Logger, method, path, failure!.Message, attempt + 1, _options.MaxRetries + 1, delay);
            await WaitAsync(delay, watchdog).ConfigureAwait(false);
        }
    }

    /// <summary>Waits, within the watchdog's time.</summary>
    public async Task WaitAsync(TimeSpan delay, Watchdog watchdog)
    {
        try
        {
            await Task.Delay(delay, Time, watchdog.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (watchdog.Caused(exception))
        {
            throw watchdog.Failure(exception);
        }
    }

    public void Dispose()
    {
        if (_options.HttpClient is null) _http.Dispose();
    }

    private async Task<(HttpResponseMessage? Response, KonkoException? Failure, bool IsTransient, TimeSpan? Wait)> TryAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte>? body, string? lastEventId, Watchdog watchdog)
    {
        using HttpRequestMessage request = NewRequest(method, path, body, lastEventId);
        HttpResponseMessage? response = null;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, watchdog.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return (response, null, false, null);
            (ReadOnlyMemory<byte> bytes, _) = await BoundedBody.ReadAsync(response.Content, BoundedBody.MostErrorBytes, watchdog.Token).ConfigureAwait(false);
            KonkoApiException refusal = ErrorReader.Read(response, bytes, Time.GetUtcNow());
            response.Dispose();
            return (null, refusal, refusal.IsTransient, refusal.RetryAfter);
        }
        catch (Exception exception) when (watchdog.Caused(exception))
        {
            response?.Dispose();
            throw watchdog.Failure(exception);
        }
        catch (OperationCanceledException exception) when (exception.InnerException is TimeoutException)
        {
            return (null, new KonkoTimeoutException(KonkoTimeout.Connect, _options.ConnectTimeout, exception), true, null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            int? status = (int?)response?.StatusCode;
            response?.Dispose();
            return (null, new KonkoConnectionException($"{BaseUrl.GetLeftPart(UriPartial.Authority)} gave no answer: {exception.Message}", exception) { Status = status }, status is null, null);
        }
    }

    private HttpRequestMessage NewRequest(HttpMethod method, string path, ReadOnlyMemory<byte>? body, string? lastEventId)
    {
        var request = new HttpRequestMessage(method, new Uri(BaseUrl, path));
        foreach ((string name, string value) in _headers) request.Headers.TryAddWithoutValidation(name, value);
        if (lastEventId is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        if (body is { } bytes)
        {
            request.Content = new ReadOnlyMemoryContent(bytes);
            request.Content.Headers.ContentType = Json;
        }

        return request;
    }

    private static Dictionary<string, string> Headers(Settings settings, KonkoClientOptions options)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["User-Agent"] = Agent, ["Accept"] = "application/json, text/event-stream" };
        if (settings.ApiKey is not null) headers["Authorization"] = "Bearer " + settings.ApiKey;
        if (settings.OpenAIApiKey is not null) headers["X-OpenAI-Api-Key"] = settings.OpenAIApiKey;
        foreach ((string name, string value) in options.Headers) headers[name] = value;
        return headers;
    }

    private static HttpClient NewClient(KonkoClientOptions options) => new(new SocketsHttpHandler
    {
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that a name that moves is followed
        AllowAutoRedirect = false, // a redirect would carry the keys elsewhere
        UseCookies = false,
    })
    { Timeout = Timeout.InfiniteTimeSpan };
}
