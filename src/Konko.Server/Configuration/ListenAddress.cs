using System.Net;
using System.Net.Sockets;

namespace Konko.Server.Configuration;

/// <summary>The IP addresses that a <c>host</c> setting stands for.</summary>
/// <param name="Addresses">The addresses, the first of which must be there; the others may be missing on a machine.</param>
internal sealed record ListenAddress(IReadOnlyList<IPAddress> Addresses)
{
    public bool IsLoopback => Addresses.All(IPAddress.IsLoopback);

    public static ListenAddress? Parse(string host) => host switch
    {
        "localhost" => new([IPAddress.Loopback, IPAddress.IPv6Loopback]),
        // A socket of any IPv6 address takes IPv4 too.
        "*" => new([Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any]),
        _ => IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) ? new([address]) : null,
    };
}
