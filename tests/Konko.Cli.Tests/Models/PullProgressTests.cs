using Konko.Cli.Models;

namespace Konko.Cli.Tests.Models;

public sealed class PullProgressTests
{
    private const string Name = "Llama-3.2-1B-Instruct-Q4_K_M.gguf";

    [Theory]
    [InlineData(120, "Llama-3.2-1B-Instruct-Q4_K_M.gguf [#######.......................]  25 %  0.50 / 2.00 GiB  50.0 MiB/s  0:30 left")]
    [InlineData(79, "Llama-3.2-1B-Instru… [##........]  25 %  0.50 / 2.00 GiB  50.0 MiB/s  0:30 left")]
    [InlineData(45, " 25 %  0.50 / 2.00 GiB  50.0 MiB/s  0:30 left")]
    [InlineData(30, " 25 %  50.0 MiB/s  0:30 left")]
    [InlineData(20, " 25 %  0:30 left")]
    [InlineData(10, " 25 %")]
    [InlineData(4, "25 %")]
    public void Line_NarrowerWindows_LeaveOutWhatMattersLeast(int columns, string expected)
    {
        string line = PullProgress.Line(Name, 1L << 29, 1L << 31, 50 * (1 << 20) + 1e6, false, columns);

        Assert.Equal(expected.Replace("50.0", "51.0", StringComparison.Ordinal), line);
        Assert.True(line.Length <= columns);
    }

    [Fact]
    public void Line_EveryWidth_FitsIntoIt()
    {
        for (int columns = 4; columns < 200; columns++)
            foreach (double? speed in new double?[] { null, 0, 1, 1e9 })
                Assert.True(PullProgress.Line(Name, 12345, 1L << 40, speed, false, columns).Length <= columns);
    }

    [Fact]
    public void Report_NoTerminal_IsALineForEachTenth()
    {
        var error = new StringWriter { NewLine = "\n" };
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        using var progress = new PullProgress(error, false, () => 80, time);

        progress.Start("a.gguf", 0, 100 << 20);
        for (int i = 1; i <= 100; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            progress.Report((long)i << 20);
        }

        progress.End();

        string[] lines = error.ToString().TrimEnd().Split('\n');
        Assert.Equal(10, lines.Length);
        Assert.Equal("a.gguf: 10 % of 100.0 MiB, 10.0 MiB/s, 0:09 left", lines[0]);
        Assert.StartsWith("a.gguf: 100 % of 100.0 MiB", lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("\e", error.ToString(), StringComparison.Ordinal);
    }
}
