using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Konko.Tests.Support;

/// <summary>A server in memory that answers what it was told to, request by request, on a clock of its own.</summary>
internal sealed class FakeUpstream : HttpMessageHandler
{
    private readonly Queue<Func<CancellationToken, Task<HttpResponseMessage>>> _answers = new();
    private readonly List<Sent> _requests = [];

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public IReadOnlyList<Sent> Requests
    {
        get
        {
            lock (_requests) return [.. _requests];
        }
    }

    public KonkoClient Client(Action<KonkoClientOptions>? configure = null)
    {
        var options = new KonkoClientOptions
        {
            BaseUrl = new Uri("http://upstream/v1"),
            HttpClient = new HttpClient(this) { Timeout = Timeout.InfiniteTimeSpan },
            TimeProvider = Time,
        };
        configure?.Invoke(options);
        return new KonkoClient(options, _ => null);
    }

    public FakeUpstream Answer(Func<CancellationToken, Task<HttpResponseMessage>> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    public FakeUpstream Answer(int status, string body, params (string Name, string Value)[] headers) =>
        Answer(_ => Task.FromResult(Response(status, new StringContent(body, Encoding.UTF8, "application/json"), headers)));

    public FakeUpstream Fail() => Answer(_ => throw new HttpRequestException("Connection refused."));

    /// <summary>A stream of the pieces, one read each.</summary>
    public ScriptedBody Stream(params object[] pieces)
    {
        var body = new ScriptedBody(pieces);
        Answer(_ => Task.FromResult(Response(200, new StreamContent(body), [("x-request-id", "req-1")])));
        return body;
    }

    /// <summary>Lets the clock run, a twentieth of a second at a time, until a call is done.</summary>
    public async Task RunAsync(Task call)
    {
        while (!call.IsCompleted)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
            Time.Advance(TimeSpan.FromMilliseconds(50));
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        Func<CancellationToken, Task<HttpResponseMessage>> answer;
        lock (_requests)
        {
            var headers = request.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
            _requests.Add(new Sent(request.Method.Method, request.RequestUri!.PathAndQuery, headers, body, Time.GetUtcNow()));
            answer = _answers.TryDequeue(out var next) ? next : _ => throw new InvalidOperationException("A request that nobody expects.");
        }

        return await answer(cancellationToken);
    }

    private static HttpResponseMessage Response(int status, HttpContent content, (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = content };
        foreach ((string name, string value) in headers) response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }
}
