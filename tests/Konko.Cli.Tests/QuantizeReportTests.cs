using Konko.Engine.Gguf.Quantization;

namespace Konko.Cli.Tests;

public sealed class QuantizeReportTests
{
    [Fact]
    public void Report_Terminal_DrawsABarAtMostTenTimesASecond()
    {
        var clock = new Clock();
        var output = new StringWriter();
        var report = new QuantizeReport(output, TextWriter.Null, clock, terminal: true);

        report.Report(new QuantizationProgress("a", 10, 100));
        Assert.Equal("", output.ToString());

        clock.Milliseconds = 2000;
        report.Report(new QuantizationProgress("blk.0.attn_q.weight", 50, 100));
        report.Report(new QuantizationProgress("b", 51, 100));

        Assert.Equal($"\r\e[K[{new string('#', 15)}{new string('.', 15)}] 50 %, 2 s left, blk.0.attn_q.weight", output.ToString());
    }

    [Fact]
    public void Report_Piped_WritesALineForEachTenth()
    {
        var output = new StringWriter { NewLine = "\n" };
        var report = new QuantizeReport(output, TextWriter.Null, new Clock(), terminal: false);

        foreach (int done in new[] { 1, 9, 10, 11, 35, 100 }) report.Report(new QuantizationProgress("a", done, 100));

        Assert.Equal("  10 %\n  30 %\n  100 %\n", output.ToString());
    }

    private sealed class Clock : TimeProvider
    {
        public long Milliseconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;
    }
}
