using System.Text;

namespace Konko.Server.Tests.Support;

/// <summary>Reads a stream of events by the letter of the specification: no event may be shaped in any other way.</summary>
internal sealed class SseTranscript
{
    private SseTranscript(List<string> events, bool done, int pings) => (Events, Done, Pings) = (events, done, pings);

    /// <summary>The events' data, without <c>[DONE]</c>.</summary>
    public IReadOnlyList<string> Events { get; }

    /// <summary>Whether the stream ended in <c>[DONE]</c>.</summary>
    public bool Done { get; }

    /// <summary>Number of keep-alive comments.</summary>
    public int Pings { get; }

    public static SseTranscript Parse(byte[] body)
    {
        string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body);
        Assert.DoesNotContain('\r', text);
        Assert.EndsWith("\n\n", text, StringComparison.Ordinal);
        var events = new List<string>();
        bool done = false;
        int pings = 0;
        foreach (string entry in text[..^2].Split("\n\n"))
        {
            Assert.False(done, "Something follows [DONE].");
            Assert.DoesNotContain('\n', entry);
            if (entry == ": ping")
            {
                pings++;
                continue;
            }

            Assert.StartsWith("data: ", entry, StringComparison.Ordinal);
            string data = entry["data: ".Length..];
            if (data == "[DONE]") done = true;
            else events.Add(data);
        }

        return new SseTranscript(events, done, pings);
    }
}
