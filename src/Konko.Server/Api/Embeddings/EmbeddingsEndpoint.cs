using Konko.Protocol;
using Konko.Protocol.Embeddings;
using Konko.Server.Api.Errors;
using Konko.Server.Api.Validation;
using Konko.Server.Models;
using Konko.Server.Providers;
using Microsoft.AspNetCore.Http;

namespace Konko.Server.Api.Embeddings;

/// <summary><c>POST /v1/embeddings</c>.</summary>
internal sealed class EmbeddingsEndpoint(IModelDirectory models, ApiSettings settings)
{
    /// <summary>Answers a call, one way or the other.</summary>
    /// <param name="context">The call.</param>
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (await EmbedAsync(context) is { } error) await ErrorWriter.WriteAsync(context, error);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away; nobody is left to answer.
        }
    }

    private async Task<ApiError?> EmbedAsync(HttpContext context)
    {
        RequestBody body = await RequestBody.ReadAsync(context, settings.BodyLimitBytes);
        if (body.Document is null) return body.Error;
        EmbeddingsRequest request;
        using (body.Document)
        {
            var parameters = new Parameters(body.Document.RootElement);
            request = EmbeddingsRequestParser.Parse(parameters);
            if (parameters.Error is { } invalid) return invalid;
        }

        if (!(await models.FindAsync(request.Model, context.RequestAborted)).TryGet(out ServedModel? model, out ApiError? unknown)) return unknown;
        ModelHeaders.Write(context.Response, model);
        if (model.Embedder is not IEmbedder embedder)
            return ApiError.InvalidRequest("model", $"The model '{model.Name}' makes no embeddings. GET /v1/models says which do (is_embedding).");
        (EmbeddedTexts? embedded, ApiError? error) = await embedder.EmbedAsync(request.Embedder, context.RequestAborted);
        if (embedded is null) return error;
        await JsonReply.WriteAsync(context, List(model, embedded, request.IsBase64), WireJson.Default.EmbeddingList);
        return null;
    }

    private static EmbeddingList List(ServedModel model, EmbeddedTexts embedded, bool isBase64) => new()
    {
        Data = [.. embedded.Vectors.Select((vector, index) => new EmbeddingObject { Index = index, Embedding = new EmbeddingVector(vector, isBase64) })],
        Model = model.Name,
        Usage = new EmbeddingUsage { PromptTokens = embedded.PromptTokens, TotalTokens = embedded.PromptTokens },
    };
}
