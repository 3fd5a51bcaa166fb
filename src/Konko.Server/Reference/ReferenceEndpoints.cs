using System.Text;
using System.Text.Json;
using Konko.Server.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Konko.Server.Reference;

/// <summary><c>/openapi/v1.json</c>, the description of the API, and <c>/docs</c>, the same as a page.</summary>
internal static class ReferenceEndpoints
{
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    private static readonly byte[] s_document = Resource("openapi.json");

    // Made when somebody first asks.
    private static readonly Lazy<byte[]> s_page = new(() =>
    {
        using JsonDocument document = JsonDocument.Parse(s_document);
        return Encoding.UTF8.GetBytes(ReferencePage.Render(Encoding.UTF8.GetString(Resource("reference.html")), document.RootElement));
    });

    public static void MapReference(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/openapi/v1.json", s_methods, context => WriteAsync(context, s_document, "application/json")).WithMetadata(NoKeyOnLoopback.Instance);
        endpoints.MapMethods("/docs", s_methods, context =>
        {
            // The page has no script and takes nothing from anywhere; this says so to the browser.
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
            return WriteAsync(context, s_page.Value, "text/html; charset=utf-8");
        }).WithMetadata(NoKeyOnLoopback.Instance);
    }

    private static async Task WriteAsync(HttpContext context, byte[] body, string type)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static byte[] Resource(string name)
    {
        using Stream stream = typeof(ReferenceEndpoints).Assembly.GetManifestResourceStream("Konko.Server.Reference." + name)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
