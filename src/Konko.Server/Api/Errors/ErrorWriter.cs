using System.Globalization;
using Konko.Protocol;
using Konko.Protocol.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Konko.Server.Api.Errors;

/// <summary>The one place where a failure becomes an answer.</summary>
public static class ErrorWriter
{
    /// <summary>The wire's form of an error.</summary>
    /// <param name="error">The failure.</param>
    public static ErrorResponse ToResponse(ApiError error)
        => new() { Error = new ErrorObject { Message = error.Message, Type = error.Type, Param = error.Param, Code = error.Code } };

    /// <summary>Answers with the error: status, headers and body. The answer must not have started.</summary>
    /// <param name="context">The call.</param>
    /// <param name="error">The failure.</param>
    public static async Task WriteAsync(HttpContext context, ApiError error)
    {
        HttpResponse response = context.Response;
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        if (error.RetryAfter is TimeSpan wait)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (error.ShouldRetry is bool retry) response.Headers["x-should-retry"] = retry ? "true" : "false";

        // A body that will not be read ends the connection, and a client that was not told would send its next request into it.
        if (HttpProtocol.IsHttp11(context.Request.Protocol) && LeavesBody(context, error)) response.Headers.Connection = "close";

        byte[] body = WireJson.ToUtf8Bytes(ToResponse(error), WireJson.Default.ErrorResponse);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static bool LeavesBody(HttpContext context, ApiError error)
        => error.Status is StatusCodes.Status413PayloadTooLarge or StatusCodes.Status408RequestTimeout
            || context.Request.ContentLength > context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
}
