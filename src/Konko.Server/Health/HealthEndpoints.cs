using Konko.Server.Api.Errors;
using Konko.Server.Hosting;
using Konko.Server.Keys;
using Konko.Server.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Konko.Server.Health;

/// <summary><c>/livez</c>: the process answers. <c>/readyz</c> and <c>/health</c>: every model that is loaded at start is loaded and warm, or was so before it made room for another, and new work is taken.</summary>
internal static class HealthEndpoints
{
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    private static readonly ApiError s_loading = new(503, "The models are still loading.", ErrorTypes.Server) { RetryAfter = TimeSpan.FromSeconds(1) };
    private static readonly ApiError s_failed = new(503, "A model could not be loaded; the server's log says why.", ErrorTypes.Server);

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        ModelRegistry registry = endpoints.ServiceProvider.GetRequiredService<ModelRegistry>();
        Drain drain = endpoints.ServiceProvider.GetRequiredService<Drain>();
        Map("/livez", () => null);
        Map("/readyz", Readiness);
        Map("/health", Readiness);

        void Map(string path, Func<ApiError?> check) => endpoints.MapMethods(path, s_methods, context =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return check() is ApiError error ? ErrorWriter.WriteAsync(context, error) : OkAsync(context);
        }).WithMetadata(NoKeyNeeded.Instance);

        ApiError? Readiness() => drain.IsDraining ? Drain.Refusal
            : registry.IsReady ? null
            : registry.HasFailed ? s_failed
            : s_loading;
    }

    private static async Task OkAsync(HttpContext context)
    {
        ReadOnlyMemory<byte> body = """{"status":"ok"}"""u8.ToArray();
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
