using System.Diagnostics;
using System.Text.Json;

namespace Konko.Load;

/// <summary>The events of one streamed answer: taken as bytes when they come, looked into when there is time.</summary>
/// <remarks>
/// To look into an event takes a cold processor many times what it takes a warm one, and while tokens come, every
/// microsecond is taken from the server. Only the time of each arrival is noted at once.
/// </remarks>
/// <param name="leavesAfter">Chunks with text after which the client is gone; null if it stays.</param>
internal sealed class AnswerText(int? leavesAfter)
{
    private const int LeastRoom = 4096;

    private static readonly string[] Texts = ["content", "reasoning_content", "reasoning", "tool_calls"];

    private readonly List<(int End, long Time)> _arrivals = [];
    private readonly List<long> _chunks = [];
    private byte[] _bytes = new byte[1 << 15];
    private int _length;
    private int _seen;
    private int _arrival;

    /// <summary>When each chunk that holds text came, of those that were looked into.</summary>
    public IReadOnlyList<long> Chunks => _chunks;

    /// <summary>What the server says it generated; null where it says nothing.</summary>
    public int? CompletionTokens { get; private set; }

    /// <summary>What the server says the prompt had.</summary>
    public int? PromptTokens { get; private set; }

    /// <summary>What an error said.</summary>
    public string? Error { get; private set; }

    /// <summary>Whether what came last must be looked into at once: the stream may end with it, or the client leave.</summary>
    public bool MayBeOver { get; private set; }

    /// <summary>Takes the next bytes of the body; false at its end.</summary>
    /// <param name="body">The body.</param>
    public bool Read(Stream body)
    {
        if (_bytes.Length - _length < LeastRoom) Array.Resize(ref _bytes, 2 * _bytes.Length);
        int read = body.Read(_bytes.AsSpan(_length));
        _arrivals.Add((_length + read, Stopwatch.GetTimestamp()));
        MayBeOver = leavesAfter is not null || _bytes.AsSpan(_length, read).IndexOf("[DONE]"u8) >= 0;
        _length += read;
        return read > 0;
    }

    /// <summary>Looks into the events that are there and were not looked into.</summary>
    /// <param name="isWhole">Whether nothing follows: a last line may have no end.</param>
    /// <returns>How the stream ended, as far as that can be told from its events; null while it has not.</returns>
    /// <exception cref="JsonException">An event is no JSON.</exception>
    public StreamEnd? Look(bool isWhole)
    {
        while (_seen < _length)
        {
            int length = _bytes.AsSpan(_seen, _length - _seen).IndexOf((byte)'\n');
            if (length < 0 && !isWhole) return null;
            ReadOnlyMemory<byte> line = _bytes.AsMemory(_seen, length < 0 ? _length - _seen : length);
            _seen += Math.Min(line.Length + 1, _length - _seen);
            while (_arrivals[_arrival].End < _seen) _arrival++;
            if (Look(line) is { } end) return end;
        }

        return null;
    }

    private StreamEnd? Look(ReadOnlyMemory<byte> line)
    {
        ReadOnlySpan<byte> field = "data:"u8;
        if (!line.Span.StartsWith(field)) return null;
        ReadOnlyMemory<byte> data = line[field.Length..].Trim(" \t\r"u8);
        if (data.Span.SequenceEqual("[DONE]"u8)) return StreamEnd.Done;
        using JsonDocument chunk = JsonDocument.Parse(data);
        if (chunk.RootElement.TryGetProperty("error", out JsonElement error))
        {
            Error = error.GetRawText();
            return StreamEnd.Error;
        }

        if (chunk.RootElement.TryGetProperty("usage", out JsonElement usage) && usage.ValueKind == JsonValueKind.Object)
            (CompletionTokens, PromptTokens) = (Count(usage, "completion_tokens"), Count(usage, "prompt_tokens"));
        if (!HoldsText(chunk.RootElement)) return null;
        _chunks.Add(_arrivals[_arrival].Time);
        return leavesAfter <= _chunks.Count ? StreamEnd.Vanished : null;
    }

    // A first chunk may hold the role alone, and a last one the reason of the end.
    private static bool HoldsText(JsonElement chunk) =>
        chunk.TryGetProperty("choices", out JsonElement choices)
        && choices.EnumerateArray().Any(choice =>
            choice.TryGetProperty("delta", out JsonElement delta)
            && Texts.Any(name => delta.TryGetProperty(name, out JsonElement text) && (text.ValueKind == JsonValueKind.Array || text.ValueKind == JsonValueKind.String && text.GetString() != "")));

    private static int? Count(JsonElement usage, string name) => usage.TryGetProperty(name, out JsonElement count) && count.TryGetInt32(out int tokens) ? tokens : null;
}
