using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Konko.Load;

/// <summary>Asks over HTTP and reads the stream, noting when each text came.</summary>
/// <remarks>
/// Each request has a thread that sleeps in its reads: the kernel wakes it, and no pool of threads spins for more work on
/// the cores that the server needs. What the client takes of the processor is taken from the server that is measured.
/// </remarks>
internal sealed class StreamClient(HttpClient http, LoadOptions options) : ILoadTarget
{
    private const string Data = "data:";

    private static readonly string[] Texts = ["content", "reasoning_content", "reasoning", "tool_calls"];

    private readonly Uri _address = new(options.Url + "/chat/completions");

    /// <summary>A client that gives a connection up as soon as its stream is given up.</summary>
    public static HttpClient NewHttp() => new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.Zero,
        ResponseDrainTimeout = TimeSpan.Zero,
        MaxResponseDrainSize = 0,
        UseProxy = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <inheritdoc/>
    public Task<StreamRecord> AskAsync(ChatRequest request, long due, CancellationToken cancellationToken)
        => Task.Factory.StartNew(() => Ask(request, due, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private StreamRecord Ask(ChatRequest request, long due, CancellationToken cancellationToken)
    {
        List<long> chunks = [];
        int? completion = null, prompt = null;
        using HttpRequestMessage message = new(HttpMethod.Post, _address) { Content = new ByteArrayContent(request.Body(options.Model)) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (options.Key is not null) message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Timeout);
        long sent = Stopwatch.GetTimestamp();
        StreamRecord Ended(StreamEnd end, string? why = null) => new()
        {
            End = end,
            Due = due,
            Sent = sent,
            Chunks = chunks,
            Ended = Stopwatch.GetTimestamp(),
            CompletionTokens = completion,
            PromptTokens = prompt,
            Message = why,
        };
        try
        {
            using HttpResponseMessage response = http.Send(message, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (!response.IsSuccessStatusCode)
            {
                bool noRoom = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
                return Ended(noRoom ? StreamEnd.Refused : StreamEnd.Error, $"{(int)response.StatusCode} {Text(response)}");
            }

            using Stream body = response.Content.ReadAsStream(patience.Token);
            using CancellationTokenRegistration giveUp = patience.Token.Register(body.Dispose);
            using StreamReader lines = new(body);
            while (lines.ReadLine() is string line)
            {
                if (!line.StartsWith(Data, StringComparison.Ordinal)) continue;
                long now = Stopwatch.GetTimestamp();
                ReadOnlyMemory<char> data = line.AsMemory(Data.Length).Trim();
                if (data.Span is "[DONE]") return Ended(StreamEnd.Done);
                using JsonDocument chunk = JsonDocument.Parse(data);
                if (chunk.RootElement.TryGetProperty("error", out JsonElement error)) return Ended(StreamEnd.Error, error.GetRawText());
                if (chunk.RootElement.TryGetProperty("usage", out JsonElement usage) && usage.ValueKind == JsonValueKind.Object)
                    (completion, prompt) = (Count(usage, "completion_tokens"), Count(usage, "prompt_tokens"));
                if (!HoldsText(chunk.RootElement)) continue;
                chunks.Add(now);
                if (request.LeavesAfter <= chunks.Count) return Ended(StreamEnd.Vanished);
            }

            cancellationToken.ThrowIfCancellationRequested();
            return Ended(StreamEnd.Cut, patience.IsCancellationRequested ? NotOver() : null);
        }
        catch (Exception exception) when (patience.IsCancellationRequested && exception is OperationCanceledException or ObjectDisposedException or IOException or HttpRequestException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Ended(chunks.Count == 0 ? StreamEnd.Error : StreamEnd.Cut, NotOver());
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            return Ended(chunks.Count == 0 ? StreamEnd.Error : StreamEnd.Cut, exception.Message);
        }
    }

    private string NotOver() => $"not over after {options.Timeout.TotalSeconds} s";

    private static string Text(HttpResponseMessage response)
    {
        using StreamReader body = new(response.Content.ReadAsStream());
        return body.ReadToEnd();
    }

    // A first chunk may hold the role alone, and a last one the reason of the end.
    private static bool HoldsText(JsonElement chunk) =>
        chunk.TryGetProperty("choices", out JsonElement choices)
        && choices.EnumerateArray().Any(choice =>
            choice.TryGetProperty("delta", out JsonElement delta)
            && Texts.Any(name => delta.TryGetProperty(name, out JsonElement text) && (text.ValueKind == JsonValueKind.Array || text.ValueKind == JsonValueKind.String && text.GetString() != "")));

    private static int? Count(JsonElement usage, string name) => usage.TryGetProperty(name, out JsonElement count) && count.TryGetInt32(out int tokens) ? tokens : null;
}
