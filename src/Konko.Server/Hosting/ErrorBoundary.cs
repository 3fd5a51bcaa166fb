using Konko.Server.Api.Answers;
using Konko.Server.Api.Errors;
using Konko.Server.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Hosting;

/// <summary>Every failure that nobody below answered becomes an error object: exceptions, and statuses without a body.</summary>
internal sealed partial class ErrorBoundary(KonkoOptions options, ILogger<ErrorBoundary> logger)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to tell, and whatever broke, broke because of that.
            return;
        }
        catch (AnswerCutException)
        {
            throw;
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            await ErrorWriter.WriteAsync(context, exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge() : BadRequest(exception));
            return;
        }
        catch (Exception exception)
        {
            LogFailure(context.Request.Method, context.Request.Path, context.TraceIdentifier, exception);
            if (context.Response.HasStarted)
            {
                // A clean end would make a cut answer look complete.
                context.Abort();
                return;
            }

            await ErrorWriter.WriteAsync(context, ApiError.Internal());
            return;
        }

        HttpResponse response = context.Response;
        if (response.HasStarted || response.StatusCode < 400 || response.ContentLength is not null || response.ContentType is not null) return;
        await ErrorWriter.WriteAsync(context, Describe(context));
    }

    private ApiError Describe(HttpContext context)
    {
        string method = context.Request.Method;
        string path = Shown(context.Request.Path.Value ?? "");
        return context.Response.StatusCode switch
        {
            404 => new ApiError(404, $"There is no {method} {path} here.{Hint(context.Request.Path)}", ErrorTypes.InvalidRequest),
            405 => new ApiError(405, $"{method} is not allowed for {path}; use {context.Response.Headers.Allow}.", ErrorTypes.InvalidRequest),
            413 => TooLarge(),
            415 => new ApiError(415, "The body must be JSON, with the header Content-Type: application/json.", ErrorTypes.InvalidRequest),
            >= 500 and int status => new ApiError(status, "The server failed while it worked on this request.", ErrorTypes.Server),
            int status => new ApiError(status, $"{method} {path} was refused.", ErrorTypes.InvalidRequest),
        };
    }

    private ApiError TooLarge() => new(413, $"The body is larger than {options.BodyLimitBytes} bytes.", ErrorTypes.InvalidRequest);

    private static ApiError BadRequest(BadHttpRequestException exception)
        => new(exception.StatusCode, "The request could not be read: " + exception.Message, ErrorTypes.InvalidRequest);

    private static string Hint(PathString path)
        => path.StartsWithSegments("/v1") ? " GET / says what there is." : " The API is below /v1, such as /v1/chat/completions.";

    private static string Shown(string path) => path.Length <= 100 ? path : path[..100] + "…";

    // Path and method only: bodies hold prompts, headers hold keys.
    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed (request {RequestId})")]
    private partial void LogFailure(string method, string path, string requestId, Exception exception);
}
