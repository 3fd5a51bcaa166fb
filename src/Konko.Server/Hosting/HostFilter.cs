using System.Net;
using Konko.Server.Api.Errors;
using Konko.Server.Configuration;
using Microsoft.AspNetCore.Http;

namespace Konko.Server.Hosting;

/// <summary>
/// Without keys, whoever reaches the server may use it. A page on the web that points its own name at this machine
/// (DNS rebinding) must not: its requests still carry that name in <c>Host</c>.
/// </summary>
internal sealed class HostFilter(KonkoOptions options)
{
    /// <summary>Whether a request with this <c>Host</c> may be served.</summary>
    public bool Allows(HostString host)
    {
        // Browsers always send one; HTTP/1.0 clients need not.
        if (options.Keys.Count > 0 || !host.HasValue) return true;
        string name = host.Host.TrimEnd('.');
        return IsLoopbackName(name) || IPAddress.TryParse(name.Trim('[', ']'), out _) || options.AllowedHosts.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>What a request with another <c>Host</c> is told.</summary>
    public static ApiError Refusal { get; } = new(
        403,
        "This server has no keys and answers only to localhost, IP addresses and names given with --allow-host; the request's Host is another.",
        ErrorTypes.Permission, null, "host_not_allowed");

    /// <summary>Whether a name is this machine by definition.</summary>
    public static bool IsLoopbackName(string name)
        => name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
