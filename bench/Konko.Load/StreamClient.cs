using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Konko.Load;

/// <summary>Asks over HTTP and reads the stream, noting when each text came.</summary>
internal sealed class StreamClient(HttpClient http, LoadOptions options) : ILoadTarget
{
    private const string Data = "data:";

    private static readonly string[] Texts = ["content", "reasoning_content", "reasoning", "tool_calls"];

    private readonly Uri _address = new(options.Url + "/chat/completions");

    /// <inheritdoc/>
    public async Task<StreamRecord> AskAsync(ChatRequest request, long due, CancellationToken cancellationToken)
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
            using HttpResponseMessage response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (!response.IsSuccessStatusCode)
            {
                bool noRoom = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
                return Ended(noRoom ? StreamEnd.Refused : StreamEnd.Error, $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(patience.Token)}");
            }

            using StreamReader lines = new(await response.Content.ReadAsStreamAsync(patience.Token));
            while (await lines.ReadLineAsync(patience.Token) is string line)
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

            return Ended(StreamEnd.Cut);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Ended(chunks.Count == 0 ? StreamEnd.Error : StreamEnd.Cut, $"not over after {options.Timeout.TotalSeconds} s");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            return Ended(chunks.Count == 0 ? StreamEnd.Error : StreamEnd.Cut, exception.Message);
        }
    }

    // A first chunk may hold the role alone, and a last one the reason of the end.
    private static bool HoldsText(JsonElement chunk) =>
        chunk.TryGetProperty("choices", out JsonElement choices)
        && choices.EnumerateArray().Any(choice =>
            choice.TryGetProperty("delta", out JsonElement delta)
            && Texts.Any(name => delta.TryGetProperty(name, out JsonElement text) && (text.ValueKind == JsonValueKind.Array || text.ValueKind == JsonValueKind.String && text.GetString() != "")));

    private static int? Count(JsonElement usage, string name) => usage.TryGetProperty(name, out JsonElement count) && count.TryGetInt32(out int tokens) ? tokens : null;
}
