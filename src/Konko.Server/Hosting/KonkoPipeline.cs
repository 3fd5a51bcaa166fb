using System.Net;
using Konko.Server.Api.Errors;
using Konko.Server.Configuration;
using Konko.Server.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace Konko.Server.Hosting;

/// <summary>What every call passes before its endpoint, from the outside in.</summary>
internal static class KonkoPipeline
{
    public const string CorsPolicy = "konko";

    private static readonly string[] s_paths = ["/v1", "/livez", "/readyz", "/health", "/openapi", "/docs"];

    /// <summary>Whether a path is the server's own where it lives within another application.</summary>
    public static bool Owns(PathString path) => path == "/" || s_paths.Any(own => path.StartsWithSegments(own));

    public static void Use(IApplicationBuilder app)
    {
        KonkoOptions options = app.ApplicationServices.GetRequiredService<KonkoOptions>();
        TimeProvider time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        ErrorBoundary errors = ActivatorUtilities.CreateInstance<ErrorBoundary>(app.ApplicationServices);
        var hosts = new HostFilter(options);
        var keys = new StaticKeys(options);

        if (options.TrustedProxies.Count > 0) app.UseForwardedHeaders(Forwarded(options));
        app.Use(next => context => RequestId.InvokeAsync(context, next, time));
        app.Use(next => context => errors.InvokeAsync(context, next));
        app.Use(next => context => hosts.Allows(context.Request.Host) || IsOpen(context) ? next(context) : ErrorWriter.WriteAsync(context, HostFilter.Refusal));
        app.UseCors(CorsPolicy);
        app.Use(next => context => CheckKey(context, next, keys));
        app.Use(next => context =>
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = options.BodyLimitBytes;
            return next(context);
        });
    }

    private static Task CheckKey(HttpContext context, RequestDelegate next, StaticKeys keys)
    {
        if (IsOpen(context) || IsOpenHere(context) || keys.Check(context.Request) is not ApiError error) return next(context);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return ErrorWriter.WriteAsync(context, error);
    }

    private static bool IsOpen(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<NoKeyNeeded>() is not null;

    private static bool IsOpenHere(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<NoKeyOnLoopback>() is not null && NoKeyOnLoopback.IsFromHere(context);

    private static ForwardedHeadersOptions Forwarded(KonkoOptions options)
    {
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (string proxy in options.TrustedProxies)
        {
            if (IPAddress.TryParse(proxy, out IPAddress? address)) forwarded.KnownProxies.Add(address);
            else forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
        }

        return forwarded;
    }
}
