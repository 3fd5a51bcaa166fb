namespace Konko.Server.Api.Errors;

/// <summary>An expected failure of a call, as a value; <see cref="ErrorWriter"/> alone turns it into bytes.</summary>
/// <param name="Status">The HTTP status, 400 … 599; never 409 or 422, which old SDKs cannot bear.</param>
/// <param name="Message">Plain words for the caller, without secrets.</param>
/// <param name="Type">The family, one of <see cref="ErrorTypes"/>.</param>
/// <param name="Param">The parameter at fault, or null.</param>
/// <param name="Code">A word for programs, or null.</param>
public sealed record ApiError(int Status, string Message, string Type, string? Param = null, string? Code = null)
{
    /// <summary>When trying again is worth while; becomes the header <c>Retry-After</c> in whole seconds, at least 1.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>False tells SDKs not to retry (the header <c>x-should-retry</c>); null leaves it to them.</summary>
    public bool? ShouldRetry { get; init; }

    /// <summary>400: a parameter's value cannot be accepted.</summary>
    /// <param name="param">The parameter, as a path such as <c>messages[0].content</c>; null if it is none in particular.</param>
    /// <param name="message">What is wrong with it.</param>
    /// <param name="code">A word for programs, or null.</param>
    public static ApiError InvalidRequest(string? param, string message, string? code = null)
        => new(400, message, ErrorTypes.InvalidRequest, param, code);

    /// <summary>400: the prompt leaves no room for a single token.</summary>
    /// <param name="contextLength">The model's context, in tokens.</param>
    /// <param name="promptTokens">The prompt's length, in tokens.</param>
    /// <param name="param"><c>messages</c> or <c>prompt</c>.</param>
    public static ApiError ContextLengthExceeded(int contextLength, int promptTokens, string param)
        => InvalidRequest(
            param,
            $"The prompt has {promptTokens} tokens, which leaves no room to answer in this model's context of {contextLength} tokens. Shorten the {param}.",
            "context_length_exceeded");

    /// <summary>404: no such model.</summary>
    /// <param name="message">Names the model that was asked for, those that are served, and how to alias one.</param>
    public static ApiError ModelNotFound(string message) => new(404, message, ErrorTypes.InvalidRequest, "model", "model_not_found");

    /// <summary>429: the queue is full.</summary>
    /// <param name="retryAfter">When to try again.</param>
    public static ApiError Overloaded(TimeSpan retryAfter)
        => new(429, "The server's queue is full. Try again in a moment.", ErrorTypes.RateLimit, null, "overloaded") { RetryAfter = retryAfter };

    /// <summary>500: a failure of ours.</summary>
    /// <param name="message">What can be said of it; never a stack trace.</param>
    public static ApiError Internal(string message = "The server failed while it worked on this request.")
        => new(500, message, ErrorTypes.Server);
}
