using Konko.Engine.Scheduling;
using Konko.Server.Api.Errors;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Providers.Local;

/// <summary>What callers are told when the engine could not finish.</summary>
internal static partial class LocalErrors
{
    private static readonly TimeSpan s_retryAfterWait = TimeSpan.FromSeconds(5);

    /// <summary>The engine takes nothing more.</summary>
    public static ApiError Stopping { get; } = new(503, "The server is shutting down and takes no new work.", ErrorTypes.Server) { RetryAfter = s_retryAfterWait };

    /// <summary>The error of a failure.</summary>
    /// <param name="failure">The failure; its message is meant for callers, what it was caused by is not.</param>
    public static ApiError Of(GenerationFailedException failure) => failure.Failure switch
    {
        GenerationFailure.QueueDeadline => ApiError.Overloaded(s_retryAfterWait) with { Message = failure.Message },
        GenerationFailure.Stopped => new ApiError(503, failure.Message, ErrorTypes.Server),
        _ => ApiError.Internal(failure.Message),
    };

    /// <summary>Logs a failure with its cause.</summary>
    [LoggerMessage(Level = LogLevel.Error, Message = "A generation could not be finished: {Failure}")]
    public static partial void LogFailure(ILogger logger, GenerationFailure failure, Exception exception);
}
