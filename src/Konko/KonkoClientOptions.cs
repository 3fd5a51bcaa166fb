using Microsoft.Extensions.Logging;

namespace Konko;

/// <summary>How a <see cref="KonkoClient"/> reaches its server. A client reads its options once, when it is made.</summary>
public sealed class KonkoClientOptions
{
    /// <summary>The key; where null, that of the environment variable <c>KONKO_API_KEY</c>; where that is absent, none is sent.</summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// The caller's own key for models that OpenAI serves; where null, that of <c>OPENAI_API_KEY</c>. It is sent in a header of
    /// its own, and to no other server than <see cref="BaseUrl"/>.
    /// </summary>
    public string? OpenAIApiKey { get; set; }

    /// <summary>
    /// The server; where null, that of <c>KONKO_BASE_URL</c>, then <c>KONKO_API_BASE</c>, then <c>http://localhost:5080/v1</c>.
    /// A URL without a path gets <c>/v1</c>.
    /// </summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>Headers for every request.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How often a request that got no answer, or one that says to try again, is sent again: 2. An answer that began is never asked for again.</summary>
    public int MaxRetries { get; set; } = 2;

    /// <summary>The longest wait that a server may ask for: 60 s. Where it asks for more, its answer is thrown instead.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often in a row a resumable stream reconnects without getting on: 10, about a minute.</summary>
    public int MaxReconnects { get; set; } = 10;

    /// <summary>Longest time for a connection: 10 s. It has no effect on an <see cref="HttpClient"/> of your own.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time from a stream's request to its first event, the server's queue included: 5 minutes. Keep-alives do not count.</summary>
    public TimeSpan FirstTokenTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Longest time without a byte in a stream that has begun: 60 s. Keep-alives count; time that the reader takes does not.</summary>
    public TimeSpan SilenceTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest time for a whole answer: 10 minutes.</summary>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>An HTTP client of your own, which stays yours; its own timeout should be infinite. Where null, the client makes one.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>Where retries and reconnects are told.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
