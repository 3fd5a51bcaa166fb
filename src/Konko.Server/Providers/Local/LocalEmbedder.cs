using Konko.Engine;
using Konko.Engine.Scheduling;
using Konko.Server.Api.Errors;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Providers.Local;

/// <summary>An encoder of the embedded engine.</summary>
/// <param name="encoder">The encoder; it is not disposed here.</param>
/// <param name="logger">Learns of what broke.</param>
internal sealed class LocalEmbedder(LocalEncoder encoder, ILogger logger) : IEmbedder
{
    /// <summary>Most tokens of a request, over all its inputs; as OpenAI has it.</summary>
    public const int MostTokens = 300_000;

    private static readonly TimeSpan s_retryWhenFull = TimeSpan.FromSeconds(1);

    private readonly EncoderPrompt _prompts = new(encoder.Tokenizer);

    /// <inheritdoc/>
    public async ValueTask<(EmbeddedTexts? Embedded, ApiError? Error)> EmbedAsync(EmbedderRequest request, CancellationToken cancellationToken)
    {
        if (request.Dimensions > encoder.Dimensions)
            return (null, ApiError.InvalidRequest("dimensions", $"'dimensions' must be at most {encoder.Dimensions}, which is what this model's vectors have, not {request.Dimensions}."));
        var inputs = new List<int>[request.Inputs.Count];
        int tokens = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Tokens(request.Inputs[i], inputs.Length == 1 ? "input" : $"input[{i}]", out inputs[i]) is { } invalid) return (null, invalid);
            tokens += inputs[i].Count;
            if (tokens > MostTokens)
                return (null, ApiError.InvalidRequest("input", $"'input' has more than {MostTokens} tokens altogether; send it as several requests.", "max_tokens_per_request"));
        }

        var work = new EmbeddingRequest { Inputs = inputs, Dimensions = request.Dimensions ?? 0 };
        if (!encoder.Scheduler.TrySubmit(work, out Task<IReadOnlyList<float[]>>? vectors, out SubmitRefusal? refusal, cancellationToken))
            return (null, refusal == SubmitRefusal.QueueFull ? ApiError.Overloaded(s_retryWhenFull) : LocalErrors.Stopping);
        try
        {
            return (new EmbeddedTexts([.. (await vectors).Select(vector => (ReadOnlyMemory<float>)vector)], tokens), null);
        }
        catch (GenerationFailedException failure)
        {
            LocalErrors.LogFailure(logger, failure.Failure, failure);
            return (null, LocalErrors.Of(failure));
        }
    }

    private ApiError? Tokens(Prompt input, string name, out List<int> ids)
    {
        if (input is TokenPrompt { Ids: var given } && given.FirstOrDefault(id => id >= _prompts.VocabularySize, -1) is >= 0 and int unknown)
        {
            ids = [];
            return ApiError.InvalidRequest(name, $"'{name}' holds the token {unknown}; this model's tokens are 0 to {_prompts.VocabularySize - 1}.");
        }

        if (_prompts.Encode(input, addSpecialTokens: true, out ids) is { } invalid) return invalid;
        if (ids.Count == 0) return ApiError.InvalidRequest(name, $"'{name}' has no tokens.");
        return ids.Count <= encoder.MaxTokens
            ? null
            : ApiError.InvalidRequest(name, $"'{name}' has {ids.Count} tokens, and this model takes texts of at most {encoder.MaxTokens}. Cut it into several inputs.", "context_length_exceeded");
    }
}
