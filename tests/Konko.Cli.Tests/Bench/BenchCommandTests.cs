using System.Text.Json;

namespace Konko.Cli.Tests.Bench;

public sealed class BenchCommandTests
{
    private static readonly string[] s_small = ["bench", "-p", "8", "-n", "4", "-d", "0,40", "-b", "2", "--stream-prompt", "9", "--stream-generate", "12", "-r", "2", "-t", "1"];

    [Fact]
    public async Task Bench_Json_HasEveryTestWithItsMeasurements()
    {
        (int exitCode, string output, string error) = await KonkoProcess.RunAsync([.. s_small, "--json"]);

        Assert.Equal((0, ""), (exitCode, error));
        JsonElement[] rows = [.. JsonDocument.Parse(output).RootElement.GetProperty("rows").EnumerateArray()];
        Assert.Equal(["pp8", "tg4", "pp8 @ d40", "tg4 @ d40", "tg12 × 2 @ d9"], rows.Select(row => row.GetProperty("name").GetString()));
        Assert.All(rows, row =>
        {
            double[] speeds = [.. row.GetProperty("tokens_per_second").EnumerateArray().Select(speed => speed.GetDouble())];
            Assert.Equal(2, speeds.Length);
            Assert.All(speeds, speed => Assert.True(speed > 0));
            Assert.Equal(speeds.Average(), row.GetProperty("median").GetDouble(), 3);
        });
        Assert.Equal(2, rows[^1].GetProperty("total_tokens_per_second").GetArrayLength());
    }

    [Fact]
    public async Task Bench_Table_IsMarkdownOfAsManyLines()
    {
        (int exitCode, string output, string error) = await KonkoProcess.RunAsync(s_small);

        Assert.Equal((0, ""), (exitCode, error));
        string[] table = [.. output.Split('\n').Where(line => line.StartsWith('|'))];
        Assert.Equal(7, table.Length);
        Assert.All(table, line => Assert.Equal((table[0].Length, 8), (line.Length, line.Count(c => c == '|'))));
        Assert.Contains("SmolLM2-135M-Instruct.Q4_1.gguf", table[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--prompt must be whole numbers from 0 to 16777216, not 'x'.", "-p", "1,x")]
    [InlineData("--threads must be whole numbers from 1 to 1024, not '0'.", "-t", "0")]
    [InlineData("--stream-generate must be whole numbers from 2 to 16777216, not '1'.", "--stream-generate", "1")]
    public async Task Bench_NumberThatDoesNotFit_IsAUsageError(string message, params string[] arguments)
    {
        (int exitCode, string output, string error) = await KonkoProcess.RunAsync(["bench", .. arguments]);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith($"konko: {message}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_DepthBeyondTheContext_IsSaidWithTheContext()
    {
        (int exitCode, string output, string error) = await KonkoProcess.RunAsync("bench", "-d", "8000", "-p", "512", "-n", "0");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal("konko: SmolLM2-135M-Instruct.Q4_1.gguf: its context is 8192 tokens, and the longest test has 8512.", error);
    }

    [Fact]
    public async Task Bench_NoSuchFile_IsSaid()
    {
        (int exitCode, string output, string error) = await KonkoProcess.RunAsync("bench", "-m", "no-such.gguf");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("no-such.gguf", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}
