using System.Text.Json.Nodes;
using Konko.Http;
using Konko.Json;

namespace Konko;

/// <summary>A client of a Konko server, or of any server that speaks OpenAI's API. One serves a whole program; it may be used by many threads at once.</summary>
public sealed class KonkoClient : IDisposable
{
    private readonly Transport _transport;

    /// <summary>A client by the environment: <c>KONKO_BASE_URL</c>, <c>KONKO_API_KEY</c>, <c>OPENAI_API_KEY</c>.</summary>
    /// <exception cref="ArgumentException">The URL is none.</exception>
    public KonkoClient() : this(new KonkoClientOptions())
    {
    }

    /// <summary>A client by options; what they leave open comes from the environment.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">The URL is none, or a number is out of range.</exception>
    public KonkoClient(KonkoClientOptions options) : this(options, Environment.GetEnvironmentVariable)
    {
    }

    internal KonkoClient(KonkoClientOptions options, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        _transport = new Transport(options, Settings.Resolve(options, environment));
        ChatCompletion = new ChatCompletionsApi(_transport, options);
        Chat = new ChatApi(ChatCompletion);
        Completions = new CompletionsApi(_transport, options);
        Embeddings = new EmbeddingsApi(_transport);
        Models = new ModelsApi(_transport);
        Tokens = new TokensApi(_transport);
    }

    /// <summary>The server's URL, with a slash at its end.</summary>
    public Uri BaseUrl => _transport.BaseUrl;

    /// <summary>Chat, in the spelling of today's SDKs: <c>konko.Chat.Completions.CreateAsync(…)</c>.</summary>
    public ChatApi Chat { get; }

    /// <summary>Chat, in the spelling of the older SDKs: <c>konko.ChatCompletion.CreateStreaming(…)</c>.</summary>
    public ChatCompletionsApi ChatCompletion { get; }

    /// <summary>Continuations of text.</summary>
    public CompletionsApi Completions { get; }

    /// <summary>Continuations of text, in the spelling of the older SDKs.</summary>
    public CompletionsApi Completion => Completions;

    /// <summary>Vectors of texts.</summary>
    public EmbeddingsApi Embeddings { get; }

    /// <summary>Vectors of texts, in the spelling of the older SDKs.</summary>
    public EmbeddingsApi Embedding => Embeddings;

    /// <summary>The server's models.</summary>
    public ModelsApi Models { get; }

    /// <summary>Texts to tokens and back.</summary>
    public TokensApi Tokens { get; }

    /// <summary>Asks anything of the server, with the client's keys, retries and limits of time.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path behind <see cref="BaseUrl"/>, such as <c>models</c>.</param>
    /// <param name="body">The body, or null.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The answer as it came.</returns>
    /// <exception cref="KonkoException">It failed.</exception>
    public Task<RawResponse> SendAsync(HttpMethod method, string path, JsonNode? body = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(path);
        return _transport.SendAsync(method, path.TrimStart('/'), body is null ? null : SdkJson.Body(body), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();
}
