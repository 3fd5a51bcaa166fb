namespace Konko.Http;

/// <summary>The options of a client, resolved against the environment and frozen.</summary>
internal sealed record Settings(Uri BaseUrl, string? ApiKey, string? OpenAIApiKey)
{
    private const string Default = "http://localhost:5080/v1";

    /// <summary>Resolves options.</summary>
    /// <exception cref="ArgumentException">The URL is none of HTTP, or a number or time is out of range.</exception>
    public static Settings Resolve(KonkoClientOptions options, Func<string, string?> environment)
    {
        string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;

        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxRetries, nameof(options.MaxRetries));
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxReconnects, nameof(options.MaxReconnects));
        RequirePositive(options.MaxRetryDelay, nameof(options.MaxRetryDelay));
        RequirePositive(options.ConnectTimeout, nameof(options.ConnectTimeout));
        RequirePositive(options.FirstTokenTimeout, nameof(options.FirstTokenTimeout));
        RequirePositive(options.SilenceTimeout, nameof(options.SilenceTimeout));
        RequirePositive(options.AnswerTimeout, nameof(options.AnswerTimeout));
        string url = options.BaseUrl?.OriginalString ?? Variable("KONKO_BASE_URL") ?? Variable("KONKO_API_BASE") ?? Default;
        return new Settings(Normalise(url), options.ApiKey ?? Variable("KONKO_API_KEY"), options.OpenAIApiKey ?? Variable("OPENAI_API_KEY"));
    }

    /// <summary>The URL with <c>/v1</c> where it has no path, and a slash at its end, so that paths can be put behind it.</summary>
    private static Uri Normalise(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? absolute) || absolute.Scheme is not ("http" or "https"))
            throw new ArgumentException($"The base URL '{url}' is no absolute http or https URL.", nameof(url));
        string path = absolute.AbsolutePath.TrimEnd('/');
        return new UriBuilder(absolute) { Path = (path.Length == 0 ? "/v1" : path) + "/" }.Uri;
    }

    private static void RequirePositive(TimeSpan time, string name)
    {
        if (time <= TimeSpan.Zero && time != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(name, time, $"{name} must be positive, or Timeout.InfiniteTimeSpan.");
    }
}
