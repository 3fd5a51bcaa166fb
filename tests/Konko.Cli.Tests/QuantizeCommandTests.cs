namespace Konko.Cli.Tests;

public sealed class QuantizeCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("konko-quantize-").FullName;

    private static string Tiny => Repository.Reference("tiny", "llama-f16.gguf")!;

    private string Out => Path.Combine(_folder, "out.gguf");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Quantize_Piped_SaysWhatCameOfItInPlainLines()
    {
        (int exitCode, string output, string error) = await KonkoProcess.RunAsync("quantize", Tiny, Out, "q4_0", "--output-type", "q8_0", "--threads", "1");

        Assert.Equal((0, ""), (exitCode, error));
        string[] lines = output.Split('\n');
        Assert.Matches(@"^llama-f16\.gguf: llama, [\d.]+ million weights, [\d.]+ MiB, [\d.]+ bits per weight$", lines[0]);
        Assert.Contains("  100 %", lines);
        Assert.Matches(@"^out\.gguf: [\d.]+ MiB, [\d.]+ bits per weight, 0\.\d\d of the size before, after [\d.]+ s$", lines[^2]);
        Assert.Matches(@"^tensors: \d+ Q4_0, \d+ Q8_0, \d+ F32$", lines[^1]);
        Assert.DoesNotContain("\e", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Out));
    }

    [Fact]
    public async Task Quantize_RowsThatAreNoWholeBlocks_AreSaidOnStandardError()
    {
        (int exitCode, _, string error) = await KonkoProcess.RunAsync("quantize", Repository.SmolLM2, Out, "Q6_K", "--pure");

        Assert.Equal(0, exitCode);
        Assert.Equal("konko: rows of 576 are no whole blocks of 256: 181 matrices become Q8_0 instead of Q6_K.", error);
    }

    [Theory]
    [InlineData("Q9_9", "konko: TYPE must be one of F32, BF16, F16,")]
    [InlineData("Q4_0 --output-type Q2_K", "konko: --output-type must be one of F32, F16, BF16,")]
    [InlineData("Q4_0 --embedding-type 4", "konko: --embedding-type must be one of F32, F16, BF16,")]
    [InlineData("Q4_0 --threads 0", "konko: --threads must be a whole number from 1 to 1024, not 0.")]
    [InlineData("Q4_0 --purr", "konko: Unrecognized command or argument '--purr'.")]
    public async Task Quantize_AskedInAWrongWay_IsAUsageError(string arguments, string message)
    {
        (int exitCode, string output, string error) = await KonkoProcess.RunAsync(["quantize", Tiny, Out, .. arguments.Split(' ')]);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith(message, error, StringComparison.Ordinal);
        Assert.False(File.Exists(Out));
    }

    [Fact]
    public async Task Quantize_FileThatExists_NeedsForce()
    {
        File.Copy(Tiny, Out);

        (int exitCode, _, string error) = await KonkoProcess.RunAsync("quantize", Tiny, Out, "Q4_0");
        Assert.Equal((1, $"konko: {Out}: it exists already; --force replaces it."), (exitCode, error));

        Assert.Equal(0, (await KonkoProcess.RunAsync("quantize", Tiny, Out, "Q4_0", "--force")).ExitCode);
        Assert.True(new FileInfo(Out).Length < new FileInfo(Tiny).Length);

        (exitCode, _, error) = await KonkoProcess.RunAsync("quantize", Out, Out, "Q8_0", "--force");
        Assert.Equal((1, $"konko: {Out}: it is the file that is read; write to another."), (exitCode, error));
    }

    [Fact]
    public async Task Quantize_DamagedFile_IsRefusedWithTheReason()
    {
        string damaged = Path.Combine(_folder, "damaged.gguf");
        byte[] bytes = await File.ReadAllBytesAsync(Tiny, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(damaged, bytes.AsMemory(0, bytes.Length / 2), TestContext.Current.CancellationToken);

        (int exitCode, string output, string error) = await KonkoProcess.RunAsync("quantize", damaged, Out, "Q4_0");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith("konko: damaged.gguf: tensor '", error, StringComparison.Ordinal);
        Assert.Equal([damaged], Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData(KonkoProcess.Interrupt)]
    [InlineData(KonkoProcess.Terminate)]
    public async Task Signal_DuringTheWork_LeavesNothingBehind(int signal)
    {
        await using KonkoProcess konko = KonkoProcess.Start("quantize", Repository.SmolLM2, Out, "IQ4_NL", "--pure", "--threads", "1");
        await konko.LineAsync("10 %");

        konko.Signal(signal);

        Assert.Equal(128 + signal, await konko.ExitAsync());
        Assert.Equal("konko: stopped; nothing was written.", konko.Error);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }
}
