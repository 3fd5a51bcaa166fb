using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Konko.Cli.Tests.Support;

/// <summary>An upstream that speaks OpenAI's API and is no Konko: one model, no extras, and answers that the test gives.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    public const string Model = "upstream-model";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<JsonNode> _requests = [];
    private readonly List<string> _keys = [];
    private readonly Func<JsonNode, FakeAnswer> _answer;
    private readonly Task _serving;
    private int _left;

    /// <param name="answer">What to answer a request's body; a <see cref="FakeAnswer"/> with a status refuses.</param>
    public FakeServer(Func<JsonNode, FakeAnswer> answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    public FakeServer(params string[] pieces) : this(_ => new FakeAnswer(pieces))
    {
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1";

    /// <summary>The bodies of what was asked.</summary>
    public IReadOnlyList<JsonNode> Requests
    {
        get
        {
            lock (_requests) return [.. _requests];
        }
    }

    /// <summary>The keys that came with them.</summary>
    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_keys) return [.. _keys];
        }
    }

    /// <summary>Clients that went away before their answer's end.</summary>
    public int Left => Volatile.Read(ref _left);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                (string path, string body) = await ReadAsync(stream);
                if (path.EndsWith("/models", StringComparison.Ordinal))
                {
                    await WriteAsync(stream, 200, "application/json", $$"""{"object":"list","data":[{"id":"{{Model}}","object":"model"}]}""");
                    return;
                }

                JsonNode request = JsonNode.Parse(body)!;
                lock (_requests) _requests.Add(request);
                FakeAnswer answer = _answer(request);
                if (answer.Status != 200) await WriteAsync(stream, answer.Status, "application/json", answer.Pieces[0], "x-request-id: req-1\r\n");
                else if (request["stream"]?.GetValue<bool>() == true) await StreamAsync(stream, answer, path.EndsWith("/chat/completions", StringComparison.Ordinal));
                else await WriteAsync(stream, 200, "application/json", answer.Pieces[0]);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // The client has gone, or the test is over.
            }
        }
    }

    private async Task StreamAsync(NetworkStream stream, FakeAnswer answer, bool chat)
    {
        await SendAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
        foreach (string piece in answer.Pieces)
        {
            string text = JsonSerializer.Serialize(piece);
            string choice = chat ? $$"""{"index":0,"delta":{"content":{{text}}},"finish_reason":null}""" : $$"""{"index":0,"text":{{text}},"finish_reason":null}""";
            await SendAsync(stream, $$"""data: {"id":"a","created":1,"model":"{{Model}}","choices":[{{choice}}]}""" + "\n\n");
        }

        if (answer.GoesOn)
        {
            // Until the client leaves.
            if (await stream.ReadAsync(new byte[1], _stop.Token) == 0) Interlocked.Increment(ref _left);
            return;
        }

        if (answer.IsCut) return;
        string end = chat ? """{"index":0,"delta":{},"finish_reason":"stop"}""" : """{"index":0,"text":"","finish_reason":"stop"}""";
        await SendAsync(stream, $$"""data: {"id":"a","created":1,"model":"{{Model}}","choices":[{{end}}]}""" + "\n\ndata: [DONE]\n\n");
    }

    private async Task<(string Path, string Body)> ReadAsync(NetworkStream stream)
    {
        var bytes = new MemoryStream();
        byte[] buffer = new byte[8192];
        while (true)
        {
            int read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0) throw new IOException("The request is cut.");
            bytes.Write(buffer, 0, read);
            string text = Encoding.UTF8.GetString(bytes.ToArray());
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0) continue;
            int wanted = int.Parse(Header(text[..end], "Content-Length") ?? "0");
            if (Encoding.UTF8.GetByteCount(text[(end + 4)..]) < wanted) continue;
            if (Header(text[..end], "Authorization") is { } key)
            {
                lock (_keys) _keys.Add(key);
            }

            return (text.Split(' ')[1], text[(end + 4)..]);
        }
    }

    private static string? Header(string headers, string name) =>
        headers.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    private Task WriteAsync(NetworkStream stream, int status, string type, string body, string headers = "") =>
        SendAsync(stream, $"HTTP/1.1 {status} Status\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{headers}\r\n{body}");

    private async Task SendAsync(NetworkStream stream, string text) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), _stop.Token);
}
