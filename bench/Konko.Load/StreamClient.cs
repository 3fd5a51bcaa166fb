using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;

namespace Konko.Load;

/// <summary>Asks over HTTP and reads the stream, noting when each text came.</summary>
/// <remarks>
/// Each request has a thread that sleeps in its reads: the kernel wakes it, and no pool of threads spins for more work on
/// the cores that the server needs. What the client takes of the processor is taken from the server that is measured.
/// </remarks>
internal sealed class StreamClient(HttpClient http, LoadOptions options) : ILoadTarget
{
    private readonly Uri _address = new(options.Url + "/chat/completions");

    /// <summary>A client that gives a connection up as soon as its stream is given up.</summary>
    public static HttpClient NewHttp() => new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.Zero,
        ResponseDrainTimeout = TimeSpan.Zero,
        MaxResponseDrainSize = 0,
        UseProxy = false,
        ConnectCallback = Connect,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    // The handler itself connects asynchronously, and every read of such a socket goes by way of the runtime's own threads.
    private static ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(context.DnsEndPoint);
            return ValueTask.FromResult<Stream>(new NetworkStream(socket, ownsSocket: true));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<StreamRecord> AskAsync(ChatRequest request, long due, CancellationToken cancellationToken)
        => Task.Factory.StartNew(() => Ask(request, due, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private StreamRecord Ask(ChatRequest request, long due, CancellationToken cancellationToken)
    {
        AnswerText answer = new(request.LeavesAfter);
        long sent = Stopwatch.GetTimestamp();
        (StreamEnd end, string? why) = Receive(request, answer, cancellationToken);
        long ended = Stopwatch.GetTimestamp();
        // What was received before it broke off may say how it ended.
        if (end == StreamEnd.Cut) (end, why) = Look(answer, why);
        return new StreamRecord
        {
            End = end,
            Due = due,
            Sent = sent,
            Chunks = answer.Chunks,
            Ended = ended,
            CompletionTokens = answer.CompletionTokens,
            PromptTokens = answer.PromptTokens,
            Message = why,
        };
    }

    /// <summary>Takes what comes; cut until a look into it says otherwise.</summary>
    private (StreamEnd End, string? Why) Receive(ChatRequest request, AnswerText answer, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = new(HttpMethod.Post, _address) { Content = new ByteArrayContent(request.Body(options.Model)) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (options.Key is not null) message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Timeout);
        try
        {
            using HttpResponseMessage response = http.Send(message, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (!response.IsSuccessStatusCode)
            {
                bool noRoom = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
                return (noRoom ? StreamEnd.Refused : StreamEnd.Error, $"{(int)response.StatusCode} {Text(response)}");
            }

            using Stream body = response.Content.ReadAsStream(patience.Token);
            using CancellationTokenRegistration giveUp = patience.Token.Register(body.Dispose);
            while (answer.Read(body))
            {
                if (answer.MayBeOver && answer.Look(isWhole: false) is { } end) return (end, answer.Error);
            }

            cancellationToken.ThrowIfCancellationRequested();
            return (StreamEnd.Cut, patience.IsCancellationRequested ? NotOver() : null);
        }
        catch (Exception exception) when (patience.IsCancellationRequested && exception is OperationCanceledException or ObjectDisposedException or IOException or HttpRequestException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (StreamEnd.Cut, NotOver());
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            return (StreamEnd.Cut, exception.Message);
        }
    }

    private static (StreamEnd End, string? Why) Look(AnswerText answer, string? why)
    {
        try
        {
            if (answer.Look(isWhole: true) is { } end) return (end, answer.Error);
        }
        catch (JsonException exception)
        {
            why = exception.Message;
        }

        return (answer.Chunks.Count == 0 && why is not null ? StreamEnd.Error : StreamEnd.Cut, why);
    }

    private string NotOver() => $"not over after {options.Timeout.TotalSeconds} s";

    private static string Text(HttpResponseMessage response)
    {
        using StreamReader body = new(response.Content.ReadAsStream());
        return body.ReadToEnd();
    }
}
