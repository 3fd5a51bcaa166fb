using Konko.Http;
using Konko.Json;

namespace Konko;

/// <summary>Texts to tokens and back: <c>POST /v1/tokenize</c>, <c>POST /v1/detokenize</c>.</summary>
public sealed class TokensApi
{
    private readonly Transport _transport;

    internal TokensApi(Transport transport) => _transport = transport;

    /// <summary>The tokens of a text.</summary>
    /// <param name="model">The model's id or alias.</param>
    /// <param name="text">The text.</param>
    /// <param name="addSpecialTokens">Whether with those that the model expects around a text; as the server does where null.</param>
    /// <param name="literals">Whether the tokens' literal texts are told too.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="KonkoException">It failed.</exception>
    public Task<Tokenization> TokenizeAsync(string model, string text, bool? addSpecialTokens = null, bool literals = false, CancellationToken cancellationToken = default) =>
        SendAsync<TokenizeRequest, Tokenization>("tokenize", new() { Model = model, Prompt = text, AddSpecialTokens = addSpecialTokens, ReturnTokenStrs = literals ? true : null }, cancellationToken);

    /// <summary>The tokens of a conversation, as the model sees it.</summary>
    /// <param name="model">The model's id or alias.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="KonkoException">It failed.</exception>
    public Task<Tokenization> TokenizeAsync(string model, IEnumerable<Message> messages, CancellationToken cancellationToken = default) =>
        SendAsync<TokenizeRequest, Tokenization>("tokenize", new() { Model = model, Messages = messages }, cancellationToken);

    /// <summary>The text of tokens.</summary>
    /// <param name="model">The model's id or alias.</param>
    /// <param name="tokens">The tokens' ids.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="KonkoException">It failed.</exception>
    public async Task<string> DetokenizeAsync(string model, IReadOnlyList<int> tokens, CancellationToken cancellationToken = default) =>
        (await SendAsync<DetokenizeRequest, Detokenization>("detokenize", new() { Model = model, Tokens = tokens }, cancellationToken).ConfigureAwait(false)).Prompt;

    private async Task<TAnswer> SendAsync<TRequest, TAnswer>(string path, TRequest request, CancellationToken cancellationToken) =>
        SdkJson.Read<TAnswer>(await _transport.SendAsync(HttpMethod.Post, path, SdkJson.Body(request), cancellationToken).ConfigureAwait(false));
}
