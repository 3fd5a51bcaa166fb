using System.Net;
using Konko.Server.Configuration;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Konko.Server.Hosting;

/// <summary>Which pages may call the API from a browser: those of loopback origins, and those that were configured.</summary>
internal static class CorsPolicies
{
    private static readonly string[] s_exposed =
    [
        RequestId.Header, RequestId.ProcessingHeader, "retry-after", "x-should-retry",
        "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests",
        "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens",
        "x-konko-seed", "x-konko-model", "x-konko-provider", "x-konko-overhead-ms",
    ];

    public static CorsPolicy Create(KonkoOptions options)
        => new CorsPolicyBuilder()
            .SetIsOriginAllowed(origin => IsAllowed(options, origin))
            .AllowAnyMethod()
            // Echoes what is asked for: "*" would not cover Authorization.
            .AllowAnyHeader()
            .WithExposedHeaders(s_exposed)
            .SetPreflightMaxAge(TimeSpan.FromHours(1))
            .Build();

    private static bool IsAllowed(KonkoOptions options, string origin)
        => options.CorsOrigins.Any(allowed => allowed == "*" || string.Equals(allowed, origin, StringComparison.OrdinalIgnoreCase))
            || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && IsLoopback(uri));

    private static bool IsLoopback(Uri uri)
        => HostFilter.IsLoopbackName(uri.Host) || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
