using Konko.Server.Api.Answers;
using Konko.Server.Api.Errors;
using Konko.Server.Api.Validation;
using Konko.Server.Generation.Rendering;
using Konko.Server.Models;
using Konko.Server.Streams;
using Konko.Server.Usage;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Api.ChatCompletions;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatCompletionsEndpoint(IModelDirectory models, ApiSettings settings, StreamRegistry streams, UsageJournal usage, TimeProvider time, ILogger<ChatCompletionsEndpoint> logger)
    : AnswerEndpoint(models, settings, streams, usage, time, logger)
{
    public override string Path => "/v1/chat/completions";

    protected override AnswerRequest Parse(Parameters parameters) => ChatRequestParser.Parse(parameters, Settings.ChatMaxTokens);

    protected override ApiError? Refuse(ServedModel model)
        => model.IsChat ? null : ApiError.InvalidRequest("model", $"The model '{model.Name}' does not chat. GET /v1/models says which do (is_chat).");

    protected override AnswerRenderer Renderer(AnswerFrame frame, AnswerRequest request) => new ChatRenderer(frame);
}
