using Konko.Server.Api.Answers;
using Konko.Server.Api.Errors;
using Konko.Server.Api.Validation;
using Konko.Server.Generation.Rendering;
using Konko.Server.Models;
using Konko.Server.Streams;
using Konko.Server.Usage;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Api.Completions;

/// <summary><c>POST /v1/completions</c>.</summary>
internal sealed class CompletionsEndpoint(IModelDirectory models, ApiSettings settings, StreamRegistry streams, UsageJournal usage, TimeProvider time, ILogger<CompletionsEndpoint> logger)
    : AnswerEndpoint(models, settings, streams, usage, time, logger)
{
    public override string Path => "/v1/completions";

    protected override AnswerRequest Parse(Parameters parameters) => CompletionRequestParser.Parse(parameters);

    protected override ApiError? Refuse(ServedModel model)
        => model.IsText ? null : ApiError.InvalidRequest("model", $"The model '{model.Name}' does not complete text. GET /v1/models says which do (is_text).");

    protected override AnswerRenderer Renderer(AnswerFrame frame, AnswerRequest request) => new CompletionRenderer(frame);
}
