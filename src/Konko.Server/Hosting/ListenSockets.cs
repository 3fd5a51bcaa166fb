using System.Net;
using System.Net.Sockets;
using Konko.Server.Configuration;

namespace Konko.Server.Hosting;

/// <summary>The sockets that a server will listen on, bound before anything else starts: a port in use is known at once and by name.</summary>
internal sealed class ListenSockets : IDisposable
{
    private const int FreePortAttempts = 16;

    private readonly List<Socket> _sockets;

    private ListenSockets(List<Socket> sockets) => _sockets = sockets;

    /// <summary>Where they are bound.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. _sockets.Select(s => (IPEndPoint)s.LocalEndPoint!)];

    /// <summary>Binds every address of the options; an IPv6 loopback that the machine has not is left out.</summary>
    /// <exception cref="ListenException">An address cannot be bound; the message says why in plain words.</exception>
    public static ListenSockets Bind(KonkoOptions options)
    {
        IReadOnlyList<IPAddress> addresses = ListenAddress.Parse(options.Host)!.Addresses;
        for (int attempt = 1; ; attempt++)
        {
            var sockets = new List<Socket>();
            try
            {
                foreach (IPAddress address in addresses)
                {
                    // One port for all addresses, also where the machine chose it.
                    int port = sockets.Count == 0 ? options.Port : ((IPEndPoint)sockets[0].LocalEndPoint!).Port;
                    if (TryBind(new IPEndPoint(address, port), mayBeMissing: sockets.Count > 0) is Socket socket) sockets.Add(socket);
                }

                return new ListenSockets(sockets);
            }
            catch (SocketException exception)
            {
                string address = addresses[sockets.Count == 0 ? 0 : 1].ToString();
                foreach (Socket socket in sockets) socket.Dispose();
                if (options.Port == 0 && attempt < FreePortAttempts && exception.SocketErrorCode == SocketError.AddressAlreadyInUse) continue;
                throw new ListenException(Explain(exception.SocketErrorCode, address, options.Port), exception);
            }
        }
    }

    /// <summary>The socket that is bound to an endpoint.</summary>
    public Socket Of(EndPoint endPoint) => _sockets.First(s => s.LocalEndPoint!.Equals(endPoint));

    public void Dispose()
    {
        foreach (Socket socket in _sockets) socket.Dispose();
    }

    private static Socket? TryBind(IPEndPoint endPoint, bool mayBeMissing)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (endPoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(endPoint);
            return socket;
        }
        catch (SocketException exception) when (mayBeMissing && exception.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            socket?.Dispose();
            return null;
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    private static string Explain(SocketError error, string address, int port) => error switch
    {
        SocketError.AddressAlreadyInUse => $"port {port} on {address} is in use; stop what listens there, or choose another with --port.",
        SocketError.AccessDenied => $"port {port} on {address} is not allowed for this user; choose one above 1023 with --port.",
        SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported => $"this machine has no address {address}; choose another with --host.",
        _ => $"cannot listen on {address}, port {port}: {error}.",
    };
}
