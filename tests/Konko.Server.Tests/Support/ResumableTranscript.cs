using System.Globalization;
using System.Text.Json;

namespace Konko.Server.Tests.Support;

/// <summary>A resumable stream by the letter: every event has an id and one line of data, pings have no blank line.</summary>
internal sealed record ResumableTranscript(IReadOnlyList<(int Id, string Data)> Events, int Pings, bool Orderly)
{
    public bool Done => Events.Count > 0 && Events[^1].Data == "[DONE]";

    public string? ErrorCode
    {
        get
        {
            using JsonDocument last = JsonDocument.Parse(Events[^1].Data);
            return last.RootElement.TryGetProperty("error", out JsonElement error) ? error.GetProperty("code").GetString() : null;
        }
    }

    /// <summary>The id of the stream, from its first event.</summary>
    public string Id
    {
        get
        {
            using JsonDocument first = JsonDocument.Parse(Events[0].Data);
            // The first event of a response holds the whole answer as far as it has come.
            JsonElement answer = first.RootElement.TryGetProperty("response", out JsonElement response) ? response : first.RootElement;
            return answer.GetProperty("id").GetString()!;
        }
    }

    public static ResumableTranscript Parse(string text, bool orderly)
    {
        var events = new List<(int, string)>();
        int pings = 0;
        string[] lines = text.Split('\n');
        int at = 0;
        while (at < lines.Length - 1)
        {
            if (lines[at] == ": ping")
            {
                pings++;
                at++;
                continue;
            }

            Assert.StartsWith("id: ", lines[at], StringComparison.Ordinal);
            int id = int.Parse(lines[at]["id: ".Length..], CultureInfo.InvariantCulture);
            // Only the events of a response have names.
            if (lines[at + 1].StartsWith("event: response.", StringComparison.Ordinal)) at++;
            Assert.StartsWith("data: ", lines[at + 1], StringComparison.Ordinal);
            Assert.Equal("", lines[at + 2]);
            events.Add((id, lines[at + 1]["data: ".Length..]));
            at += 3;
        }

        Assert.Equal("", lines[^1]);
        return new ResumableTranscript(events, pings, orderly);
    }
}
