using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Konko.Server.Tests.Hosting;

/// <summary>Sends bytes that no well-behaved client would, and reads what comes back until the connection closes.</summary>
internal static class RawHttp
{
    public static async Task<string> SendAsync(IPEndPoint endPoint, string request, TimeSpan? patience = null)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(patience ?? TimeSpan.FromSeconds(5));
        using var client = new TcpClient();
        await client.ConnectAsync(endPoint, timeout.Token);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), timeout.Token);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, timeout.Token);
        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
