using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Konko.Server.Hosting;

/// <summary>Names every call (<c>x-request-id</c>) and says how long the server worked before it answered.</summary>
internal static class RequestId
{
    public const string Header = "x-request-id";
    public const string ProcessingHeader = "openai-processing-ms";

    private static readonly SearchValues<char> s_sane = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:");

    /// <summary>Takes the caller's id where it is sane, else makes one.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next, TimeProvider time)
    {
        string id = Sane(context.Request.Headers["X-Request-Id"])
            ?? Sane(context.Request.Headers["X-Client-Request-Id"])
            ?? Guid.NewGuid().ToString("N");
        context.TraceIdentifier = id;
        context.Response.Headers[Header] = id;
        long start = time.GetTimestamp();
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[ProcessingHeader] = ((long)time.GetElapsedTime(start).TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        });
        return next(context);
    }

    private static string? Sane(StringValues values)
        => values is [{ Length: > 0 and <= 128 } id] && !id.AsSpan().ContainsAnyExcept(s_sane) ? id : null;
}
