using Microsoft.Extensions.Logging;

namespace Konko.Server.Api.Answers;

/// <summary>What is logged of answers; never a body or a key.</summary>
internal static partial class AnswerLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The answer to request {RequestId} broke")]
    public static partial void Broken(ILogger logger, string requestId, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The provider ended the answer to request {RequestId} before it was complete")]
    public static partial void Unfinished(ILogger logger, string requestId);
}
