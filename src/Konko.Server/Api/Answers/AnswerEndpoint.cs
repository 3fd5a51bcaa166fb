using System.Globalization;
using Konko.Server.Api.Errors;
using Konko.Server.Api.Validation;
using Konko.Server.Generation;
using Konko.Server.Generation.Rendering;
using Konko.Server.Models;
using Konko.Server.Providers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Api.Answers;

/// <summary>The way of a request through an endpoint that answers: parse, find the model, admit, render.</summary>
internal abstract class AnswerEndpoint(IModelDirectory models, ApiSettings settings, TimeProvider time, ILogger logger)
{
    private const string ResumableHeader = "X-Konko-Resumable";
    private const string HelperHeader = "X-Stainless-Helper-Method";
    private const string ConcatenatingHelper = "chat.completions.stream";

    protected ApiSettings Settings { get; } = settings;

    /// <summary>Answers a call, one way or the other.</summary>
    /// <param name="context">The call.</param>
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (await AnswerAsync(context) is { } error) await ErrorWriter.WriteAsync(context, error);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away; nobody is left to answer.
        }
    }

    protected abstract AnswerRequest Parse(Parameters parameters);

    /// <summary>Why the model cannot serve this endpoint, or null.</summary>
    protected abstract ApiError? Refuse(ServedModel model);

    protected abstract AnswerRenderer Renderer(AnswerFrame frame);

    private async Task<ApiError?> AnswerAsync(HttpContext context)
    {
        var clock = RequestClock.Start(time);
        RequestBody body = await RequestBody.ReadAsync(context, Settings.BodyLimitBytes);
        if (body.Document is null) return body.Error;

        AnswerRequest request;
        using (body.Document)
        {
            var parameters = new Parameters(body.Document.RootElement);
            request = Parse(parameters);
            if (string.Equals(context.Request.Headers[ResumableHeader], "true", StringComparison.OrdinalIgnoreCase))
                parameters.Fail("stream_options", $"(asked for by the header {ResumableHeader}) {AnswerUnbuilt.Reason}");
            if (parameters.Error is { } invalid) return invalid;
        }

        if (!(await models.FindAsync(request.Model, context.RequestAborted)).TryGet(out ServedModel? model, out ApiError? unknown)) return unknown;
        context.Response.Headers["x-konko-model"] = model.Id;
        if (Refuse(model) is { } refusal) return refusal;

        Admission admission = await PromptList.AdmitAsync(model, request, clock with { Validated = time.GetTimestamp() }, context.RequestAborted);
        if (!admission.TryGet(out AdmittedGeneration? generation, out ApiError? error)) return error;
        await using (generation)
        {
            if (generation.Seed is long seed) context.Response.Headers["x-konko-seed"] = seed.ToString(CultureInfo.InvariantCulture);
            AnswerRenderer renderer = Renderer(Frame(context.Request, request, model, generation));
            if (!request.Stream) return await WholeAnswer.WriteAsync(context, generation, renderer, logger);
            using var stream = new StreamedAnswer(context, renderer, Settings.KeepAlive, time, logger);
            await stream.WriteAsync(generation);
            return null;
        }
    }

    private AnswerFrame Frame(HttpRequest call, AnswerRequest request, ServedModel model, AdmittedGeneration generation) => new()
    {
        Id = Guid.NewGuid().ToString(),
        Created = time.GetUtcNow().ToUnixTimeSeconds(),
        Model = model.Name,
        Fingerprint = model.Fingerprint,
        Seed = generation.Seed,
        PromptTokens = generation is PromptList list ? list.PromptTokensEach : [generation.PromptTokens],
        ChoicesPerPrompt = request.Choices,
        LogProbs = request.Sampling.TopLogProbs is not null,
        IncludeUsage = request.IncludeUsage,
        Details = request.Details,
        FunctionCall = request.Prompts is [ChatPrompt { Tools.Older: true }],
        RoleOnce = call.Headers[HelperHeader] == ConcatenatingHelper,
    };
}
