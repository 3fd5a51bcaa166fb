using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Konko.Load;

/// <summary>What a run came to.</summary>
internal sealed record LoadReport
{
    public required double Seconds { get; init; }

    public required int Requests { get; init; }

    /// <summary>How many ended in which way.</summary>
    public required IReadOnlyDictionary<StreamEnd, int> Ends { get; init; }

    public required long Tokens { get; init; }

    public required double TokensPerSecond { get; init; }

    /// <summary>Milliseconds to the first token.</summary>
    public required Percentiles? FirstToken { get; init; }

    /// <summary>Milliseconds from token to token.</summary>
    public required Percentiles? BetweenTokens { get; init; }

    /// <summary>Milliseconds to the end, of streams that reached it.</summary>
    public required Percentiles? Total { get; init; }

    /// <summary>The server's resident memory after the warm-up and after the run.</summary>
    public double? MemoryBeforeMib { get; init; }

    public double? MemoryAfterMib { get; init; }

    /// <summary>Some of the errors' messages.</summary>
    public required IReadOnlyList<string> Messages { get; init; }

    /// <summary>There were answers, and every stream that stayed ended in <c>[DONE]</c> or was refused before it began.</summary>
    public bool IsWhole => Ends[StreamEnd.Done] > 0 && Ends[StreamEnd.Error] == 0 && Ends[StreamEnd.Cut] == 0;

    public static LoadReport Of(IReadOnlyList<StreamRecord> records, TimeSpan elapsed)
    {
        long tokens = records.Sum(record => (long)record.Tokens);
        return new LoadReport
        {
            Seconds = Math.Round(elapsed.TotalSeconds, 2),
            Requests = records.Count,
            Ends = Enum.GetValues<StreamEnd>().ToDictionary(end => end, end => records.Count(record => record.End == end)),
            Tokens = tokens,
            TokensPerSecond = Math.Round(tokens / elapsed.TotalSeconds, 1),
            FirstToken = Percentiles.Of(records.Select(record => record.FirstToken).OfType<TimeSpan>()),
            BetweenTokens = Percentiles.Of(records.SelectMany(record => record.Gaps)),
            Total = Percentiles.Of(records.Where(record => record.End == StreamEnd.Done).Select(record => record.Total)),
            Messages = [.. records.Select(record => record.Message).OfType<string>().Distinct().Take(5)],
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, LoadReportJson.Default.LoadReport);

    public override string ToString()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"requests        {Requests} in {Seconds} s: {string.Join(", ", Ends.Where(end => end.Value > 0).Select(end => $"{end.Value} {end.Key.ToString().ToLowerInvariant()}"))}");
        text.AppendLine(CultureInfo.InvariantCulture, $"tokens          {Tokens}, {TokensPerSecond} a second");
        AppendTimes("first token", FirstToken);
        AppendTimes("between tokens", BetweenTokens);
        AppendTimes("to the end", Total);
        if (MemoryBeforeMib is not null) text.AppendLine(CultureInfo.InvariantCulture, $"memory          {MemoryBeforeMib:0} MiB before, {MemoryAfterMib:0} MiB after");
        foreach (string message in Messages) text.AppendLine(CultureInfo.InvariantCulture, $"message         {message}");
        return text.ToString();

        void AppendTimes(string name, Percentiles? times)
        {
            if (times is not null) text.AppendLine(CultureInfo.InvariantCulture, $"{name,-15} {times.P50} ms (half), {times.P90} (90 %), {times.P99} (99 %), {times.Max} (all)");
        }
    }
}
