using System.Diagnostics;
using System.Text.Json;

namespace Konko.Load.Tests;

public sealed class LoadReportTests
{
    private static readonly Slo s_nothing = new(null, null, null);

    [Fact]
    public void Of_SentLate_CountsFromWhenItWasDue()
    {
        // Due at 0, sent at 300 ms by a load that could not keep up: no time of it is forgiven.
        LoadReport report = LoadReport.Of(new LoadResult([Record(0, 300, [400, 410])], [], 0, null), s_nothing);

        Assert.Equal(400, report.FirstToken!.P50);
        Assert.Equal(300, report.Late!.P50);
        Assert.Equal(10, report.BetweenTokens!.P50);
        Assert.Equal(410, report.Total!.Max);
    }

    [Fact]
    public void Of_Window_CountsNoTokensOfItsEnd()
    {
        // Two tokens in the second that counts; the third came when no new requests did any more.
        LoadReport report = LoadReport.Of(new LoadResult([Record(0, 0, [500, 1000, 1500])], [], 0, TimeSpan.FromSeconds(1)), s_nothing);

        Assert.Equal((3, 2), (report.Tokens, report.TokensPerSecond));
    }

    [Fact]
    public void Of_NumberOfRequests_CountsToTheLastEnd() =>
        Assert.Equal(2, LoadReport.Of(new LoadResult([Record(0, 0, [500, 1000, 1500])], [], 0, null), s_nothing).TokensPerSecond);

    [Fact]
    public void Of_ServerCountsMoreTokensThanChunks_BelievesTheServer()
    {
        StreamRecord record = Record(0, 0, [100, 200]) with { CompletionTokens = 5, PromptTokens = 7 };
        LoadReport report = LoadReport.Of(new LoadResult([record], [], 0, null), s_nothing);

        Assert.Equal((5, 7, 25), (report.Tokens, report.PromptTokens, report.PerToken!.P50));
    }

    [Fact]
    public void Of_Slo_CountsWhatKeptAllOfIt()
    {
        var slo = new Slo(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(1000));
        StreamRecord[] records =
        [
            Record(0, 0, [100, 120]),
            Record(0, 0, [101, 120]),
            Record(0, 0, [50, 71]),
            Record(0, 0, [50, 51]) with { End = StreamEnd.Cut },
            Record(0, 0, [50, 51]) with { End = StreamEnd.Vanished },
        ];
        LoadReport report = LoadReport.Of(new LoadResult(records, [], 0, null), slo);

        Assert.Equal((1, 0.25), (report.Good, report.GoodShare));
        Assert.False(report.IsWhole);
    }

    [Fact]
    public void Of_Beside_IsReportedApart()
    {
        LoadReport report = LoadReport.Of(new LoadResult([Record(0, 0, [10, 20])], [Record(5, 5, [500])], 0, null), s_nothing);

        Assert.Equal((1, 495), (report.Requests, report.Beside!.FirstToken!.P50));
        Assert.Equal(495, JsonDocument.Parse(report.ToJson()).RootElement.GetProperty("beside").GetProperty("first_token").GetProperty("p50").GetDouble());
        Assert.Contains("beside: first", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Nothing_HasNoTimesAndIsNotWhole()
    {
        LoadReport report = LoadReport.Of(new LoadResult([], [], 0, TimeSpan.FromSeconds(1)), s_nothing);

        Assert.Equal((null, 0, false), (report.FirstToken, report.TokensPerSecond, report.IsWhole));
    }

    [Fact]
    public void Percentiles_NearestRank_IsAValueThatOccurred()
    {
        Percentiles? of = Percentiles.Of(Enumerable.Range(1, 200).Reverse().Select(i => TimeSpan.FromMilliseconds(i)));

        Assert.Equal(new Percentiles(100, 180, 198, 200), of);
    }

    private static StreamRecord Record(double due, double sent, double[] chunks) => new()
    {
        End = StreamEnd.Done,
        Due = At(due),
        Sent = At(sent),
        Chunks = [.. chunks.Select(At)],
        Ended = At(chunks[^1]),
    };

    private static long At(double milliseconds) => (long)(milliseconds * Stopwatch.Frequency / 1000);
}
