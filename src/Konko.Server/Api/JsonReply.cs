using System.Text.Json.Serialization.Metadata;
using Konko.Protocol;
using Microsoft.AspNetCore.Http;

namespace Konko.Server.Api;

/// <summary>Writes a whole JSON answer with its length.</summary>
internal static class JsonReply
{
    public static async Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        byte[] body = WireJson.ToUtf8Bytes(value, type);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
