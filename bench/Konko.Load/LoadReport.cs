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

    /// <summary>Tokens of all answers.</summary>
    public required long Tokens { get; init; }

    /// <summary>Tokens of all prompts, where the server tells them.</summary>
    public required long PromptTokens { get; init; }

    /// <summary>Tokens that came a second while the load was whole.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Answers that ended in <c>[DONE]</c>, a second.</summary>
    public required double RequestsPerSecond { get; init; }

    /// <summary>Requests that kept what was asked of them; all that ended well where nothing was asked.</summary>
    public required int Good { get; init; }

    /// <summary>Of those, how many a second.</summary>
    public required double GoodPerSecond { get; init; }

    /// <summary>Their share of all that stayed to the end.</summary>
    public required double GoodShare { get; init; }

    /// <summary>Milliseconds from when a request was due to its first text.</summary>
    public required Percentiles? FirstToken { get; init; }

    /// <summary>Milliseconds from one chunk of text to the next.</summary>
    public required Percentiles? BetweenTokens { get; init; }

    /// <summary>Milliseconds of a token after the first: a request's mean.</summary>
    public required Percentiles? PerToken { get; init; }

    /// <summary>Milliseconds to the end, of streams that reached it.</summary>
    public required Percentiles? Total { get; init; }

    /// <summary>Milliseconds that the load itself sent requests late; they are in the times above.</summary>
    public required Percentiles? Late { get; init; }

    /// <summary>The requests that arrived beside the load.</summary>
    public LoadReport? Beside { get; init; }

    /// <summary>The server's resident memory after the warm-up and after the run.</summary>
    public double? MemoryBeforeMib { get; init; }

    public double? MemoryAfterMib { get; init; }

    /// <summary>Some of the errors' messages.</summary>
    public required IReadOnlyList<string> Messages { get; init; }

    /// <summary>There were answers, and every stream that stayed ended in <c>[DONE]</c> or was refused before it began.</summary>
    public bool IsWhole => Ends[StreamEnd.Done] > 0 && Ends[StreamEnd.Error] == 0 && Ends[StreamEnd.Cut] == 0 && Beside is null or { IsWhole: true };

    public static LoadReport Of(LoadResult result, Slo slo)
    {
        IReadOnlyList<StreamRecord> records = result.Records;
        double seconds = result.Counted.TotalSeconds;
        int good = records.Count(slo.IsKept), stayed = records.Count(record => record.End != StreamEnd.Vanished);
        return new LoadReport
        {
            Seconds = Math.Round(result.Elapsed.TotalSeconds, 2),
            Requests = records.Count,
            Ends = Enum.GetValues<StreamEnd>().ToDictionary(end => end, end => records.Count(record => record.End == end)),
            Tokens = records.Sum(record => (long)record.Tokens),
            PromptTokens = records.Sum(record => (long)(record.PromptTokens ?? 0)),
            TokensPerSecond = Rate(result.Tokens, seconds, 1),
            RequestsPerSecond = Rate(records.Count(record => record.End == StreamEnd.Done), result.Elapsed.TotalSeconds, 3),
            Good = good,
            GoodPerSecond = Rate(good, result.Elapsed.TotalSeconds, 3),
            GoodShare = Rate(good, stayed, 4),
            FirstToken = Percentiles.Of(records.Select(record => record.FirstToken).OfType<TimeSpan>()),
            BetweenTokens = Percentiles.Of(records.SelectMany(record => record.Gaps)),
            PerToken = Percentiles.Of(records.Select(record => record.PerToken).OfType<TimeSpan>()),
            Total = Percentiles.Of(records.Where(record => record.End == StreamEnd.Done).Select(record => record.Total)),
            Late = Percentiles.Of(records.Select(record => record.Late)),
            Beside = result.Beside.Count == 0 ? null : Of(result with { Records = result.Beside, Beside = [] }, slo),
            Messages = [.. records.Select(record => record.Message).OfType<string>().Distinct().Take(5)],
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, LoadReportJson.Default.LoadReport);

    public override string ToString()
    {
        StringBuilder text = new();
        Append(text, "");
        Beside?.Append(text, "beside: ");
        return text.ToString();
    }

    private void Append(StringBuilder text, string before)
    {
        Line("requests", $"{Requests} in {Seconds} s: {string.Join(", ", Ends.Where(end => end.Value > 0).Select(end => $"{end.Value} {end.Key.ToString().ToLowerInvariant()}"))}");
        Line("tokens", $"{Tokens}, {TokensPerSecond} a second; {PromptTokens} of prompts");
        Line("good", $"{Good} requests, {GoodPerSecond} a second, {GoodShare:P1}");
        Times("first token", FirstToken);
        Times("between tokens", BetweenTokens);
        Times("per token", PerToken);
        Times("to the end", Total);
        Times("sent late", Late);
        if (MemoryBeforeMib is not null) Line("memory", $"{MemoryBeforeMib:0} MiB before, {MemoryAfterMib:0} MiB after");
        foreach (string message in Messages) Line("message", $"{message}");

        void Line(string name, FormattableString value) => text.AppendLine(CultureInfo.InvariantCulture, $"{before + name,-15} {value.ToString(CultureInfo.InvariantCulture)}");

        void Times(string name, Percentiles? times)
        {
            if (times is not null) Line(name, $"{times.P50} ms (half), {times.P90} (90 %), {times.P99} (99 %), {times.Max} (all)");
        }
    }

    private static double Rate(double count, double of, int digits) => of == 0 ? 0 : Math.Round(count / of, digits);
}
