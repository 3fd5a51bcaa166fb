using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Konko.Server.Tests.Reference;

/// <summary>Sends what is hardly HTTP, and goes away when it should not.</summary>
internal static class OddHttp
{
    // What a server may say to a request that is none, before there is a path; 200 and the rest where it is one after all.
    private static readonly int[] s_allowed = [200, 204, 400, 401, 403, 404, 405, 408, 411, 413, 414, 415, 431, 505];

    /// <summary>Sends one oddity and reads to the end of the connection.</summary>
    /// <param name="endPoint">The server.</param>
    /// <param name="random">Chooses.</param>
    /// <param name="key">A key of the server's.</param>
    /// <param name="body">A body.</param>
    /// <param name="patience">How long the server may take.</param>
    /// <returns>What is wrong with the answer, or null.</returns>
    public static async Task<string?> SendAsync(IPEndPoint endPoint, Random random, string key, byte[] body, TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(endPoint, timeout.Token);
        NetworkStream stream = client.GetStream();
        byte[] request = Request(random, key, body);
        try
        {
            await stream.WriteAsync(request, timeout.Token);
            if (random.Next(6) == 0)
            {
                client.LingerState = new LingerOption(true, 0);
                return null;
            }

            client.Client.Shutdown(SocketShutdown.Send);
            using var answer = new MemoryStream();
            await stream.CopyToAsync(answer, timeout.Token);
            string text = Encoding.UTF8.GetString(answer.ToArray());
            // A listener of HTTP/1.1 tells a client of HTTP/2 so in its own language.
            if (text.Length == 0 || (text[0] == 0 && request.AsSpan().StartsWith("PRI "u8))) return null;
            if (!text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)) return $"{Show(request)} is answered by {text}";
            int status = int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture);
            return s_allowed.Contains(status) ? null : $"{Show(request)} is answered by {text}";
        }
        catch (IOException)
        {
            // The server had enough; that it did not break, the next requests tell.
            return null;
        }
    }

    private static byte[] Request(Random random, string key, byte[] body)
    {
        const string path = "/v1/chat/completions";
        string authorization = $"Authorization: Bearer {key}\r\n";
        string json = "Content-Type: application/json\r\n";
        string length = string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        string text = random.Next(18) switch
        {
            0 => $"POST {path} HTTP/1.1\r\n{authorization}{json}{length}\r\n",
            1 => $"POST {path} HTTP/1.0\r\n{authorization}{json}{length}\r\n",
            2 => $"POST {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}{json}Content-Length: {body.Length + 10}\r\n\r\n",
            3 => $"POST {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}{json}Content-Length: -1\r\n\r\n",
            4 => $"POST {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}{json}Content-Length: 99999999999999\r\n\r\n",
            5 => $"POST {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}{json}Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            6 => $"POST {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}{json}Transfer-Encoding: chunked\r\n\r\n{body.Length:x};ext=1\r\n",
            7 => $"POST {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}{json}Transfer-Encoding: gzip\r\n{length}\r\n",
            8 => $"GET /{new string('a', random.Next(20_000))} HTTP/1.1\r\nHost: localhost\r\n\r\n",
            9 => $"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX-Long: {new string('b', random.Next(40_000))}\r\n\r\n",
            10 => $"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, random.Next(200)).Select(i => $"X-{i}: {i}\r\n"))}\r\n",
            11 => $"GET /v1/models/%00%ff%2e%2e%2f{random.Next()} HTTP/1.1\r\nHost: localhost\r\n{authorization}\r\n",
            12 => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            13 => "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
            14 => "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001",
            15 => $"POST {path} HTTP/1.1\r\nHost: a\r\nHost: b\r\n{authorization}{json}{length}\r\n",
            16 => $"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \u00e9\u0001\r\n\r\nGET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            _ => $"POST {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}{json}{length}Expect: 100-continue\r\nConnection: close\r\n\r\n",
        };
        byte[] head = Encoding.Latin1.GetBytes(text);
        return random.Next(4) == 0 ? [.. head, .. body[..random.Next(body.Length + 1)]] : [.. head, .. body];
    }

    private static string Show(byte[] request) => Encoding.Latin1.GetString(request, 0, Math.Min(request.Length, 2000));
}
