using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Konko.Load;

/// <summary>Asks one question and reads its stream, noting when each token came.</summary>
internal sealed class StreamClient(HttpClient http, LoadOptions options)
{
    private const string Data = "data: ";

    private readonly Uri _address = new(options.Url + "/chat/completions");

    /// <summary>Asks, and reads to the end or until it is time to go away.</summary>
    /// <param name="request">The question.</param>
    /// <param name="due">The <see cref="Stopwatch"/> time stamp at which it should have been asked: what it waited since counts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<StreamRecord> AskAsync(ChatRequest request, long due, CancellationToken cancellationToken)
    {
        List<TimeSpan> gaps = [];
        TimeSpan? first = null;
        long last = 0;
        StreamRecord Ended(StreamEnd end, string? message = null) => new(end, first, gaps, Stopwatch.GetElapsedTime(due), message);
        try
        {
            using HttpRequestMessage message = new(HttpMethod.Post, _address) { Content = new ByteArrayContent(request.Body) };
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            if (options.Key is not null) message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
            using HttpResponseMessage response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                bool noRoom = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
                return Ended(noRoom ? StreamEnd.Refused : StreamEnd.Error, $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
            }

            using StreamReader lines = new(await response.Content.ReadAsStreamAsync(cancellationToken));
            while (await lines.ReadLineAsync(cancellationToken) is string line)
            {
                if (!line.StartsWith(Data, StringComparison.Ordinal)) continue;
                if (line == "data: [DONE]") return Ended(StreamEnd.Done);
                using JsonDocument chunk = JsonDocument.Parse(line.AsMemory(Data.Length));
                if (chunk.RootElement.TryGetProperty("error", out JsonElement error)) return Ended(StreamEnd.Error, error.GetRawText());
                if (!chunk.RootElement.TryGetProperty("choices", out JsonElement choices) || choices.GetArrayLength() == 0) continue;
                long now = Stopwatch.GetTimestamp();
                if (first is null) first = Stopwatch.GetElapsedTime(due, now);
                else gaps.Add(Stopwatch.GetElapsedTime(last, now));
                last = now;
                if (request.LeavesAfter <= gaps.Count + 1) return Ended(StreamEnd.Vanished);
            }

            return Ended(StreamEnd.Cut);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            return Ended(first is null ? StreamEnd.Error : StreamEnd.Cut, exception.Message);
        }
    }
}
