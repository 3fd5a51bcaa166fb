using System.Text.Json.Nodes;
using Konko.Http;
using Konko.Json;
using Konko.Streaming;

namespace Konko;

/// <summary>Continuations of text: <c>POST /v1/completions</c>.</summary>
public sealed class CompletionsApi
{
    private const string Path = "completions";

    private readonly Transport _transport;
    private readonly KonkoClientOptions _options;

    internal CompletionsApi(Transport transport, KonkoClientOptions options) => (_transport, _options) = (transport, options);

    /// <summary>A whole continuation.</summary>
    /// <param name="model">The model's id or alias.</param>
    /// <param name="prompt">The text to go on with.</param>
    /// <param name="maxTokens">Most tokens of the answer; 16 where null.</param>
    /// <param name="temperature">0 … 2.</param>
    /// <param name="topP">0 &lt; p ≤ 1.</param>
    /// <param name="n">How many alternatives.</param>
    /// <param name="stop">Strings that end the answer.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="extra">Further fields to send.</param>
    /// <param name="cancellationToken">Stops the call, and the work at the server.</param>
    /// <exception cref="KonkoException">It failed.</exception>
    public Task<Completion> CreateAsync(string model, string prompt, int? maxTokens = null, double? temperature = null, double? topP = null, int? n = null,
        IReadOnlyList<string>? stop = null, long? seed = null, JsonObject? extra = null, CancellationToken cancellationToken = default) =>
        CreateAsync(Request(model, prompt, maxTokens, temperature, topP, n, stop, seed, extra), cancellationToken);

    /// <summary>A whole continuation.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops the call, and the work at the server.</param>
    /// <exception cref="KonkoException">It failed.</exception>
    public async Task<Completion> CreateAsync(CompletionRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RawResponse response = await _transport.SendAsync(HttpMethod.Post, Path, SdkJson.Body(request, request.Extra), cancellationToken).ConfigureAwait(false);
        return SdkJson.Read<Completion>(response) with { Response = response };
    }

    /// <summary>A continuation as it is written.</summary>
    /// <param name="model">The model's id or alias.</param>
    /// <param name="prompt">The text to go on with.</param>
    /// <param name="maxTokens">Most tokens of the answer; 16 where null.</param>
    /// <param name="temperature">0 … 2.</param>
    /// <param name="topP">0 &lt; p ≤ 1.</param>
    /// <param name="n">How many alternatives.</param>
    /// <param name="stop">Strings that end the answer.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="extra">Further fields to send.</param>
    /// <param name="cancellationToken">Stops the reading, and the work at the server.</param>
    public KonkoStream<CompletionChunk> CreateStreaming(string model, string prompt, int? maxTokens = null, double? temperature = null, double? topP = null, int? n = null,
        IReadOnlyList<string>? stop = null, long? seed = null, JsonObject? extra = null, CancellationToken cancellationToken = default) =>
        CreateStreaming(Request(model, prompt, maxTokens, temperature, topP, n, stop, seed, extra), cancellationToken);

    /// <summary>A continuation as it is written.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops the reading, and the work at the server.</param>
    public KonkoStream<CompletionChunk> CreateStreaming(CompletionRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        CompletionRequest streamed = request with { Stream = true, StreamOptions = StreamOptions.For(request.Resumable) };
        return new(new(_transport, _options, Path, SdkJson.Body(streamed, request.Extra), request.Resumable, ChunkParser<CompletionChunk>.Generated(), cancellationToken));
    }

    private static CompletionRequest Request(string model, string prompt, int? maxTokens, double? temperature, double? topP, int? n, IReadOnlyList<string>? stop, long? seed, JsonObject? extra) =>
        new() { Model = model, Prompt = [prompt], MaxTokens = maxTokens, Temperature = temperature, TopP = topP, N = n, Stop = stop, Seed = seed, Extra = extra };
}
