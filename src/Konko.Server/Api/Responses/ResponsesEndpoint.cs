using Konko.Server.Api.Answers;
using Konko.Server.Api.Errors;
using Konko.Server.Api.Validation;
using Konko.Server.Generation.Rendering;
using Konko.Server.Models;
using Konko.Server.Streams;
using Konko.Server.Usage;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Api.Responses;

/// <summary><c>POST /v1/responses</c>, stateless.</summary>
internal sealed class ResponsesEndpoint(IModelDirectory models, ApiSettings settings, StreamRegistry streams, UsageJournal usage, TimeProvider time, ILogger<ResponsesEndpoint> logger)
    : AnswerEndpoint(models, settings, streams, usage, time, logger)
{
    public override string Path => "/v1/responses";

    protected override AnswerRequest Parse(Parameters parameters) => ResponsesRequestParser.Parse(parameters, Settings.ChatMaxTokens);

    protected override ApiError? Refuse(ServedModel model)
        => model.IsChat ? null : ApiError.InvalidRequest("model", $"The model '{model.Name}' does not chat. GET /v1/models says which do (is_chat).");

    protected override AnswerRenderer Renderer(AnswerFrame frame, AnswerRequest request) => new ResponseRenderer(frame, request.Response!);
}
