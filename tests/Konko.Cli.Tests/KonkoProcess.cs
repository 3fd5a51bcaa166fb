using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;

namespace Konko.Cli.Tests;

/// <summary>The built program as a process of its own, in an empty directory and without settings from the environment but for where its data goes.</summary>
internal sealed partial class KonkoProcess : IAsyncDisposable
{
    public const int Interrupt = 2;
    public const int Terminate = 15;

    private readonly Process _process;
    private readonly string _directory = Directory.CreateTempSubdirectory("konko-cli-").FullName;
    private readonly Channel<string> _output = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _error = new();
    private readonly CancellationTokenSource _timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private KonkoProcess(IReadOnlyList<string> arguments)
    {
        _timeout.CancelAfter(TimeSpan.FromSeconds(60));
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            WorkingDirectory = _directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Konko.Cli.dll"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach (string variable in start.Environment.Keys.Where(k => k.StartsWith("KONKO_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(variable);
        start.Environment["KONKO_DATA"] = Path.Combine(_directory, "data");
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _ = line.Data is null ? _output.Writer.TryComplete() : _output.Writer.TryWrite(line.Data);
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_error) _error.AppendLine(line.Data);
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it wrote to its standard error so far.</summary>
    public string Error
    {
        get
        {
            lock (_error) return _error.ToString().Trim();
        }
    }

    public static KonkoProcess Start(params IReadOnlyList<string> arguments) => new(arguments);

    /// <summary>Runs the program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params IReadOnlyList<string> arguments)
    {
        await using var process = new KonkoProcess(arguments);
        int exitCode = await process.ExitAsync();
        return (exitCode, string.Join('\n', await process.RestAsync()), process.Error);
    }

    /// <summary>Reads lines up to one that holds the text, and returns it.</summary>
    public async Task<string> LineAsync(string text)
    {
        try
        {
            await foreach (string line in _output.Reader.ReadAllAsync(_timeout.Token))
            {
                if (line.Contains(text, StringComparison.Ordinal)) return line;
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"No line with '{text}' came in time. Standard error: {Error}");
        }

        Assert.Fail($"The program ended before a line with '{text}'. Standard error: {Error}");
        return "";
    }

    public async Task<List<string>> RestAsync() => await _output.Reader.ReadAllAsync(_timeout.Token).ToListAsync(_timeout.Token);

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(_timeout.Token);
        return _process.ExitCode;
    }

    public void Signal(int signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send to another process.");
        Assert.Equal(0, Kill(_process.Id, signal));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _timeout.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
