using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Konko.Http;
using Konko.Json;
using Konko.Streaming;

namespace Konko;

/// <summary>Chat answers, whole and streamed: <c>POST /v1/chat/completions</c>.</summary>
public sealed class ChatCompletionsApi
{
    private const string Path = "chat/completions";

    private readonly Transport _transport;
    private readonly KonkoClientOptions _options;

    internal ChatCompletionsApi(Transport transport, KonkoClientOptions options) => (_transport, _options) = (transport, options);

    /// <summary>A whole answer.</summary>
    /// <param name="model">The model's id or alias.</param>
    /// <param name="messages">The conversation so far.</param>
    /// <param name="temperature">0 … 2.</param>
    /// <param name="maxTokens">Most tokens of the answer.</param>
    /// <param name="n">How many alternatives.</param>
    /// <param name="topP">0 &lt; p ≤ 1.</param>
    /// <param name="stop">Strings that end the answer.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="tools">The functions that the model may call.</param>
    /// <param name="toolChoice">Whether it calls them, and which.</param>
    /// <param name="responseFormat">What the answer must be.</param>
    /// <param name="extra">Further fields to send.</param>
    /// <param name="cancellationToken">Stops the call, and the work at the server.</param>
    /// <exception cref="KonkoException">It failed.</exception>
    public Task<ChatCompletion> CreateAsync(string model, IEnumerable<Message> messages, double? temperature = null, int? maxTokens = null, int? n = null,
        double? topP = null, IReadOnlyList<string>? stop = null, long? seed = null, IReadOnlyList<Tool>? tools = null, ToolChoice? toolChoice = null,
        ResponseFormat? responseFormat = null, JsonObject? extra = null, CancellationToken cancellationToken = default) =>
        CreateAsync(Request(model, messages, temperature, maxTokens, n, topP, stop, seed, tools, toolChoice, responseFormat, extra), cancellationToken);

    /// <summary>A whole answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops the call, and the work at the server.</param>
    /// <exception cref="KonkoException">It failed.</exception>
    public async Task<ChatCompletion> CreateAsync(ChatRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        RawResponse response = await _transport.SendAsync(HttpMethod.Post, Path, SdkJson.Body(request, request.Extra), cancellationToken).ConfigureAwait(false);
        return SdkJson.Read<ChatCompletion>(response) with { Response = response };
    }

    /// <summary>An answer as it is written, chunk by chunk.</summary>
    /// <param name="model">The model's id or alias.</param>
    /// <param name="messages">The conversation so far.</param>
    /// <param name="temperature">0 … 2.</param>
    /// <param name="maxTokens">Most tokens of the answer.</param>
    /// <param name="n">How many alternatives.</param>
    /// <param name="topP">0 &lt; p ≤ 1.</param>
    /// <param name="stop">Strings that end the answer.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="tools">The functions that the model may call.</param>
    /// <param name="toolChoice">Whether it calls them, and which.</param>
    /// <param name="responseFormat">What the answer must be.</param>
    /// <param name="extra">Further fields to send.</param>
    /// <param name="cancellationToken">Stops the reading, and the work at the server.</param>
    public KonkoStream<ChatCompletionChunk> CreateStreaming(string model, IEnumerable<Message> messages, double? temperature = null, int? maxTokens = null, int? n = null,
        double? topP = null, IReadOnlyList<string>? stop = null, long? seed = null, IReadOnlyList<Tool>? tools = null, ToolChoice? toolChoice = null,
        ResponseFormat? responseFormat = null, JsonObject? extra = null, CancellationToken cancellationToken = default) =>
        CreateStreaming(Request(model, messages, temperature, maxTokens, n, topP, stop, seed, tools, toolChoice, responseFormat, extra), cancellationToken);

    /// <summary>An answer as it is written, chunk by chunk.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops the reading, and the work at the server.</param>
    public KonkoStream<ChatCompletionChunk> CreateStreaming(ChatRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ChatRequest streamed = request with { Stream = true, StreamOptions = StreamOptions.For(request.Resumable) };
        return new(new(_transport, _options, Path, SdkJson.Body(streamed, request.Extra), request.Resumable, new ChatChunkParser(), cancellationToken));
    }

    /// <summary>An answer as a value of a type: the type's schema is enforced while the answer is written.</summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    /// <param name="request">The request; its format is the schema of the type.</param>
    /// <param name="type">The type, of a source-generated <c>JsonSerializerContext</c>.</param>
    /// <param name="cancellationToken">Stops the call, and the work at the server.</param>
    /// <exception cref="KonkoException">It failed.</exception>
    /// <exception cref="JsonException">The answer is no value of the type: it was cut off by <c>max_tokens</c>, or the server does not enforce schemas.</exception>
    public async Task<T> CompleteAsync<T>(ChatRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(type);
        ChatCompletion answer = await CreateAsync(request with { ResponseFormat = TypeSchema.Format(type) }, cancellationToken).ConfigureAwait(false);
        if (answer.Choices is [{ FinishReason: "length" }, ..]) throw new JsonException($"The answer was cut off before its JSON was whole: {answer.Text}");
        return JsonSerializer.Deserialize(answer.Text, type) ?? throw new JsonException("The answer is null.");
    }

    /// <summary>An answer as a value of a type: the type's schema is enforced while the answer is written.</summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    /// <param name="request">The request; its format is the schema of the type.</param>
    /// <param name="cancellationToken">Stops the call, and the work at the server.</param>
    /// <exception cref="KonkoException">It failed.</exception>
    /// <exception cref="JsonException">The answer is no value of the type.</exception>
    [RequiresUnreferencedCode("Looks at the type at run time; give a JsonTypeInfo instead.")]
    [RequiresDynamicCode("Looks at the type at run time; give a JsonTypeInfo instead.")]
    public Task<T> CompleteAsync<T>(ChatRequest request, CancellationToken cancellationToken = default) =>
        CompleteAsync(request, (JsonTypeInfo<T>)JsonSerializerOptions.Web.GetTypeInfo(typeof(T)), cancellationToken);

    private static ChatRequest Request(string model, IEnumerable<Message> messages, double? temperature, int? maxTokens, int? n, double? topP,
        IReadOnlyList<string>? stop, long? seed, IReadOnlyList<Tool>? tools, ToolChoice? toolChoice, ResponseFormat? responseFormat, JsonObject? extra) => new()
        {
            Model = model, Messages = messages, Temperature = temperature, MaxTokens = maxTokens, N = n, TopP = topP, Stop = stop, Seed = seed,
            Tools = tools, ToolChoice = toolChoice, ResponseFormat = responseFormat, Extra = extra,
        };
}
