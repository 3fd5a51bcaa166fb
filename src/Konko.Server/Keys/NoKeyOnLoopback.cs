using System.Net;
using Microsoft.AspNetCore.Http;

namespace Konko.Server.Keys;

/// <summary>Marks an endpoint that answers without a key to callers on the same machine.</summary>
internal sealed class NoKeyOnLoopback
{
    public static NoKeyOnLoopback Instance { get; } = new();

    /// <summary>Whether a call comes from this machine itself, and not through a proxy on it that speaks for somebody else.</summary>
    /// <param name="context">The call.</param>
    public static bool IsFromHere(HttpContext context)
        => context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("Forwarded") && !context.Request.Headers.ContainsKey("Via");
}
