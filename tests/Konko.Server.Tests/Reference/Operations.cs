using Konko.Protocol.Chat;
using Konko.Protocol.Completions;
using Konko.Protocol.Embeddings;
using Konko.Protocol.Models;
using Konko.Protocol.Responses;
using Konko.Protocol.Tokens;

namespace Konko.Server.Tests.Reference;

/// <summary>Everything that the server can be asked.</summary>
internal static class Operations
{
    private static readonly int[] s_body = [400, 401, 403, 404, 408, 413, 415, 429, 500, 503];
    private static readonly string[] s_model = ["x-konko-model", "x-konko-provider"];
    private static readonly string[] s_streaming = ["RequestId", "Resumable"];

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("POST", "/v1/chat/completions", "createChatCompletion", "Answers", "Chat", "The next message of a conversation: at once when it is whole, or a chunk for each token in the moment that it is sampled. The whole answer is what the chunks add up to.")
        {
            Request = "ChatCompletionRequest", Answer = typeof(ChatCompletion), Event = typeof(ChatCompletionChunk), Errors = s_body,
            Parameters = [.. s_streaming, "Helper"], Headers = [.. s_model, "x-konko-seed"],
            Examples = [("example-chat", "A short chat"), ("example-chat-logprobs", "Log-probabilities"), ("example-chat-tools", "A call that must be"), ("example-chat-schema", "An answer of a schema")],
        },
        new("POST", "/v1/completions", "createCompletion", "Answers", "Complete text", "Goes on with a text, or with several side by side.")
        {
            Request = "CompletionRequest", Answer = typeof(Completion), Event = typeof(CompletionChunk), Errors = s_body,
            Parameters = s_streaming, Headers = [.. s_model, "x-konko-seed"], Examples = [("example-text", "A text")],
        },
        new("POST", "/v1/responses", "createResponse", "Answers", "Respond", "The same answers in the form of responses: items instead of a message, and named events instead of chunks.")
        {
            Request = "ResponseRequest", Answer = typeof(ResponseObject), Event = typeof(ResponseEvent), Errors = s_body,
            Parameters = s_streaming, Headers = [.. s_model, "x-konko-seed"], Examples = [("example-response", "A response that was cut by its limit"), ("example-response-tools", "A call that must be")],
        },
        new("GET", "/v1/streams/{id}", "resumeStream", "Answers", "Go on with a stream", "Sends what a resumable stream has after an event, then what comes. Whoever began it can have it, also after a restart of the server, until some time after its end.")
        {
            IsAnyStream = true, Errors = [400, 401, 403, 404, 429, 500, 503], Parameters = ["RequestId", "StreamId", "LastEventId"], Examples = [("example-streams", "The rest of a stream")],
        },
        new("DELETE", "/v1/streams/{id}", "cancelStream", "Answers", "Cancel a stream", "Ends a running stream, whose readers get the error `cancelled`; forgets one that has ended.")
        {
            Success = 204, Errors = [401, 403, 404], Parameters = ["RequestId", "StreamId"],
        },
        new("POST", "/v1/embeddings", "createEmbedding", "Embeddings", "Embed texts", "A vector of unit length for each text.")
        {
            Request = "EmbeddingRequest", Answer = typeof(EmbeddingList), Errors = s_body, Parameters = ["RequestId"], Headers = s_model,
            Examples = [("example-embeddings", "Two texts"), ("example-embeddings-base64", "The same numbers as base64")],
        },
        new("POST", "/v1/tokenize", "tokenize", "Tokens", "Count tokens", "The tokens of a text, or of a conversation as the model would see it.")
        {
            Request = "TokenizeRequest", Answer = typeof(TokenizeResult), Errors = s_body, Parameters = ["RequestId"], Headers = s_model,
            Examples = [("example-tokenize", "A text"), ("example-tokenize-messages", "A conversation")],
        },
        new("POST", "/v1/detokenize", "detokenize", "Tokens", "Spell tokens", "The text of tokens.")
        {
            Request = "DetokenizeRequest", Answer = typeof(DetokenizeResult), Errors = s_body, Parameters = ["RequestId"], Headers = s_model, Examples = [("example-detokenize", "Three tokens")],
        },
        new("GET", "/v1/models", "listModels", "Models", "List models", "The models that are served, then their aliases.")
        {
            Answer = typeof(ModelList), Errors = [401, 403], Parameters = ["RequestId"], Examples = [("example-models", "The embedded models")],
        },
        new("GET", "/v1/models/{id}", "retrieveModel", "Models", "Find a model", "One row of the list. The slash within an id may stand as it is, or as `%2F`.")
        {
            Answer = typeof(ModelObject), Errors = [401, 403, 404], Parameters = ["RequestId", "ModelId"], Headers = ["x-konko-model"], Examples = [("example-models", "The embedded model")],
        },
        Health("/livez", "live", "Is it there?", "Whether the process answers.", []),
        Health("/readyz", "ready", "Is it ready?", "Whether every model that is loaded at start is loaded and warm, and new work is taken.", [503]),
        Health("/health", "health", "Is it ready? By its other name.", "The same as `/readyz`.", [503]),
        new("GET", "/openapi/v1.json", "openapi", "Server", "This document", "What you read. Callers on the same machine need no key.") { Media = "application/json", HasHead = true, Errors = [401, 403], Parameters = ["RequestId"] },
        new("GET", "/docs", "docs", "Server", "This document as a page", "Needs nothing from elsewhere. Callers on the same machine need no key.") { Media = "text/html", HasHead = true, Errors = [401, 403], Parameters = ["RequestId"] },
        new("GET", "/", "landing", "Server", "How to call it", "A page for people.") { Media = "text/html", HasHead = true, IsOpen = true, Parameters = ["RequestId"] },
    ];

    private static Operation Health(string path, string id, string summary, string description, int[] errors)
        => new("GET", path, id, "Server", summary, description + " `HEAD` answers the same without a body.") { Answer = typeof(HealthState), Errors = errors, HasHead = true, IsOpen = true, Parameters = ["RequestId"], Examples = [("example-health", "All is well")] };

    /// <summary>The server answers.</summary>
    /// <param name="Status">Always <c>ok</c>.</param>
    internal sealed record HealthState(string Status);
}
