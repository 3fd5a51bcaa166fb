using System.Globalization;
using System.Text.Json;
using Konko.Server.Api.Errors;
using Konko.Server.Api.Validation;
using Konko.Server.Generation;
using Konko.Server.Generation.Rendering;
using Konko.Server.Keys;
using Konko.Server.Models;
using Konko.Server.Providers;
using Konko.Server.Streams;
using Konko.Server.Usage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Api.Answers;

/// <summary>The way of a request through an endpoint that answers: parse, find the model, admit, render.</summary>
internal abstract class AnswerEndpoint(IModelDirectory models, ApiSettings settings, StreamRegistry streams, UsageJournal usage, TimeProvider time, ILogger logger) : IStreamSources
{
    private const string ResumableHeader = "X-Konko-Resumable";

    /// <inheritdoc/>
    public abstract string Path { get; }

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

    /// <inheritdoc/>
    public async Task<(StreamSource? Source, ApiError? Error)> RestoreAsync(StreamRecord record, CancellationToken cancellationToken)
    {
        AnswerRequest request;
        using (JsonDocument body = JsonDocument.Parse(record.Body))
        {
            var parameters = new Parameters(body.RootElement);
            request = Pinned(Parse(parameters) with { Seed = record.Seed }, record.Created);
            if (parameters.Error is { } invalid) return (null, invalid);
        }

        if (!(await models.FindAsync(request.Model, cancellationToken)).TryGet(out ServedModel? model, out ApiError? unknown)) return (null, unknown);
        if (record.Fingerprint is null || StreamFingerprint.Of(model, request, Settings.ChatMaxTokens) != record.Fingerprint) return (null, StreamErrors.Changed);
        Admission admission = await PromptList.AdmitAsync(model, request, RequestClock.Start(time), cancellationToken);
        if (!admission.TryGet(out AdmittedGeneration? generation, out ApiError? error)) return (null, error);
        AnswerFrame frame = Frame(record.Id, record.Created, new ClientHelper(record.RoleOnce, record.LeadsWithRole), request, model, generation);
        generation = Metered(generation, frame, record.KeyHash, model, resumable: true);
        return (new StreamSource(generation, Renderer(frame, request), frame.Choices), null);
    }

    protected abstract AnswerRequest Parse(Parameters parameters);

    /// <summary>Why the model cannot serve this endpoint, or null.</summary>
    protected abstract ApiError? Refuse(ServedModel model);

    protected abstract AnswerRenderer Renderer(AnswerFrame frame, AnswerRequest request);

    private async Task<ApiError?> AnswerAsync(HttpContext context)
    {
        var clock = RequestClock.Start(time);
        RequestBody body = await RequestBody.ReadAsync(context, Settings.BodyLimitBytes);
        if (body.Document is null) return body.Error;

        long created = time.GetUtcNow().ToUnixTimeSeconds();
        AnswerRequest request;
        string kept = "";
        using (body.Document)
        {
            var parameters = new Parameters(body.Document.RootElement);
            request = Parse(parameters);
            if (parameters.Error is { } invalid) return invalid;
            request = request with { Resumable = request.Stream && (request.Resumable || AsksByHeader(context.Request)) };
            if (request.Resumable) (request, kept) = (Pinned(request, created), StreamBody.Of(body.Document.RootElement));
        }

        if (!(await models.FindAsync(request.Model, context.RequestAborted)).TryGet(out ServedModel? model, out ApiError? unknown)) return unknown;
        ModelHeaders.Write(context.Response, model);
        if (model.Embedder is not null) return ApiError.InvalidRequest("model", $"The model '{model.Name}' makes embeddings and gives no text; ask it at POST /v1/embeddings.");
        if (Refuse(model) is { } refusal) return refusal;

        Admission admission = await PromptList.AdmitAsync(model, request, clock with { Validated = time.GetTimestamp() }, context.RequestAborted);
        if (!admission.TryGet(out AdmittedGeneration? generation, out ApiError? error)) return error;
        if (generation.Seed is long seed) context.Response.Headers["x-konko-seed"] = seed.ToString(CultureInfo.InvariantCulture);
        AnswerFrame frame = Frame(Guid.NewGuid().ToString(), created, ClientHelper.Of(context.Request), request, model, generation);
        generation = Metered(generation, frame, CallerKey.Hash(context.Request), model, request.Resumable);
        if (request.Resumable) return await StreamAsync(context, Record(context.Request, kept, frame, request, model), new StreamSource(generation, Renderer(frame, request), frame.Choices));
        await using (generation)
        {
            AnswerRenderer renderer = Renderer(frame, request);
            if (!request.Stream) return await WholeAnswer.WriteAsync(context, generation, renderer, logger);
            using var stream = new StreamedAnswer(context, renderer, Settings, time, logger);
            await stream.WriteAsync(generation);
            return null;
        }
    }

    private async Task<ApiError?> StreamAsync(HttpContext context, StreamRecord record, StreamSource source)
    {
        (KeptStream? stream, StreamLog? log, ApiError? error) = await streams.BeginAsync(record, source);
        if (stream is null) return error;
        try
        {
            await StreamFollower.SendAsync(context, log!, 0, Settings, time);
            return null;
        }
        finally
        {
            stream.Leave();
        }
    }

    private MeteredGeneration Metered(AdmittedGeneration generation, AnswerFrame frame, string keyHash, ServedModel model, bool resumable)
        => new(generation, usage, new UsageRow { Id = frame.Id, KeyHash = keyHash, Model = model.Id, Path = Path, Begun = usage.Now }, resumable);

    private static bool AsksByHeader(HttpRequest call) => string.Equals(call.Headers[ResumableHeader], "true", StringComparison.OrdinalIgnoreCase);

    // A template may print the date, and the prompt must be the same when it is made again.
    private static AnswerRequest Pinned(AnswerRequest request, long created)
        => request with { Prompts = [.. request.Prompts.Select(prompt => prompt is ChatPrompt chat ? chat with { At = DateTimeOffset.FromUnixTimeSeconds(created) } : prompt)] };

    private StreamRecord Record(HttpRequest call, string body, AnswerFrame frame, AnswerRequest request, ServedModel model) => new()
    {
        Id = frame.Id,
        Created = frame.Created,
        KeyHash = CallerKey.Hash(call),
        Path = Path,
        Body = body,
        RoleOnce = frame.RoleOnce,
        LeadsWithRole = frame.LeadsWithRole,
        Seed = frame.Seed,
        Fingerprint = StreamFingerprint.Of(model, request, Settings.ChatMaxTokens),
    };

    private static AnswerFrame Frame(string id, long created, ClientHelper helper, AnswerRequest request, ServedModel model, AdmittedGeneration generation) => new()
    {
        Id = id,
        Created = created,
        Model = model.Name,
        Fingerprint = model.Fingerprint,
        Seed = generation.Seed,
        PromptTokens = generation is PromptList list ? list.PromptTokensEach : [generation.PromptTokens],
        ChoicesPerPrompt = request.Choices,
        LogProbs = request.Sampling.TopLogProbs is not null,
        IncludeUsage = request.IncludeUsage,
        Details = request.Details,
        FunctionCall = request.Prompts is [ChatPrompt { Tools.Older: true }],
        RoleOnce = helper.JoinsStrings,
        LeadsWithRole = helper.CountsFirstTwice,
    };
}
