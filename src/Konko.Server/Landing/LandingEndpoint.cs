using System.Net;
using System.Text;
using Konko.Server.Configuration;
using Konko.Server.Keys;
using Konko.Server.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Konko.Server.Landing;

/// <summary><c>/</c>: tells a person with a browser where the API is and how to call it.</summary>
internal static class LandingEndpoint
{
    private const int ShownModels = 20;

    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapLanding(this IEndpointRouteBuilder endpoints)
    {
        KonkoOptions options = endpoints.ServiceProvider.GetRequiredService<KonkoOptions>();
        ModelRegistry registry = endpoints.ServiceProvider.GetRequiredService<ModelRegistry>();
        string template = Read();
        endpoints.MapMethods("/", s_methods, context => WriteAsync(context, Render(template, options, registry, context.Request))).WithMetadata(NoKeyNeeded.Instance);
    }

    private static string Render(string template, KonkoOptions options, ModelRegistry registry, HttpRequest request)
    {
        bool keys = options.Keys.Count > 0;
        return template
            .Replace("{base}", WebUtility.HtmlEncode($"{request.Scheme}://{request.Host}"), StringComparison.Ordinal)
            // With keys, what is served is for those who have one.
            .Replace("{models}", keys ? "the models that <code>/v1/models</code> lists" : string.Join(", ", registry.Models.Take(ShownModels).Select(m => $"<code>{m.Id}</code>")) + (registry.Models.Count > ShownModels ? " and more" : ""), StringComparison.Ordinal)
            .Replace("{model}", keys ? "MODEL" : registry.Models[0].Id, StringComparison.Ordinal)
            .Replace("{keys}", keys ? "Every call needs a key." : "No keys are configured: any key or none is accepted.", StringComparison.Ordinal)
            .Replace("{authorization}", keys ? "\n  -H \"Authorization: Bearer $KONKO_API_KEY\" \\" : "", StringComparison.Ordinal);
    }

    private static async Task WriteAsync(HttpContext context, string page)
    {
        byte[] body = Encoding.UTF8.GetBytes(page);
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static string Read()
    {
        using var reader = new StreamReader(typeof(LandingEndpoint).Assembly.GetManifestResourceStream("Konko.Server.Landing.landing.html")!);
        return reader.ReadToEnd();
    }
}
