using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Konko.AotSmoke;

/// <summary>A server on a free loopback port that answers each connection with the next of its answers.</summary>
internal sealed class Upstream(params string[] answers) : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public Uri Start()
    {
        _listener.Start();
        _ = ServeAsync();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        var request = new byte[64 << 10];
        foreach (string answer in answers)
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync();
            NetworkStream stream = client.GetStream();
            // The request's head and body come in one or two pieces; what they say does not matter here.
            int read = 0;
            while (!Whole(Encoding.ASCII.GetString(request, 0, read))) read += await stream.ReadAsync(request.AsMemory(read));
            await stream.WriteAsync(Encoding.UTF8.GetBytes("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + answer));
        }
    }

    private static bool Whole(string request)
    {
        int head = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0) return false;
        const string Length = "Content-Length: ";
        int at = request.IndexOf(Length, StringComparison.OrdinalIgnoreCase);
        return at < 0 || request.Length - head - 4 >= int.Parse(request.AsSpan(at + Length.Length, request.IndexOf('\r', at) - at - Length.Length), System.Globalization.CultureInfo.InvariantCulture);
    }
}
