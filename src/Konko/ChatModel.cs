using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace Konko;

/// <summary>A model to talk to, by the short form <c>konko.Chat("model")</c>. Each question stands for itself.</summary>
public sealed class ChatModel
{
    private readonly ChatCompletionsApi _api;
    private readonly ChatRequest _request;

    internal ChatModel(ChatCompletionsApi api, ChatRequest request) => (_api, _request) = (api, request);

    /// <summary>The answer's text as it is written, piece by piece.</summary>
    /// <param name="prompt">What the user says.</param>
    /// <param name="cancellationToken">Stops the reading, and the work at the server.</param>
    /// <exception cref="KonkoException">It failed; what came until then is not the whole answer.</exception>
    public async IAsyncEnumerable<string> StreamAsync(string prompt, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (ChatCompletionChunk chunk in _api.CreateStreaming(Ask(prompt), cancellationToken).ConfigureAwait(false))
        {
            if (chunk.Text.Length > 0) yield return chunk.Text;
        }
    }

    /// <summary>The answer's whole text.</summary>
    /// <param name="prompt">What the user says.</param>
    /// <param name="cancellationToken">Stops the call, and the work at the server.</param>
    /// <exception cref="KonkoException">It failed.</exception>
    public async Task<string> AskAsync(string prompt, CancellationToken cancellationToken = default) =>
        (await _api.CreateAsync(Ask(prompt), cancellationToken).ConfigureAwait(false)).Text;

    /// <summary>The answer as a value of a type, whose schema is enforced.</summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    /// <param name="prompt">What the user says.</param>
    /// <param name="type">The type, of a source-generated <c>JsonSerializerContext</c>.</param>
    /// <param name="cancellationToken">Stops the call, and the work at the server.</param>
    /// <exception cref="KonkoException">It failed.</exception>
    /// <exception cref="System.Text.Json.JsonException">The answer is no value of the type.</exception>
    public Task<T> CompleteAsync<T>(string prompt, JsonTypeInfo<T> type, CancellationToken cancellationToken = default) => _api.CompleteAsync(Ask(prompt), type, cancellationToken);

    /// <summary>The answer as a value of a type, whose schema is enforced.</summary>
    /// <typeparam name="T">Type of the value.</typeparam>
    /// <param name="prompt">What the user says.</param>
    /// <param name="cancellationToken">Stops the call, and the work at the server.</param>
    /// <exception cref="KonkoException">It failed.</exception>
    /// <exception cref="System.Text.Json.JsonException">The answer is no value of the type.</exception>
    [RequiresUnreferencedCode("Looks at the type at run time; give a JsonTypeInfo instead.")]
    [RequiresDynamicCode("Looks at the type at run time; give a JsonTypeInfo instead.")]
    public Task<T> CompleteAsync<T>(string prompt, CancellationToken cancellationToken = default) => _api.CompleteAsync<T>(Ask(prompt), cancellationToken);

    private ChatRequest Ask(string prompt) => _request with { Messages = [.. _request.Messages, Message.User(prompt)] };
}
