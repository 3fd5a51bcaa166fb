using System.Diagnostics;

namespace Konko.Cli.Tests.Support;

/// <summary>The program in a real terminal, which is tmux's: keys go in, the screen is read.</summary>
internal sealed class Tmux : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private readonly string _socket = "konko-" + Guid.NewGuid().ToString("N");
    private readonly string _folder = Directory.CreateTempSubdirectory("konko-tmux-").FullName;

    /// <summary>Where the program keeps what was typed.</summary>
    public string History => Path.Combine(_folder, "history");

    /// <summary>Starts a shell in a terminal, and in it the program.</summary>
    /// <param name="columns">Cells of a row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="environment">Settings, as <c>NAME=VALUE</c>.</param>
    /// <param name="arguments">Arguments of the program, none of which a shell would change.</param>
    public static async Task<Tmux> StartAsync(int columns, int rows, string[] environment, params string[] arguments)
    {
        OtherPrograms.Require("tmux", "-V", "the terminal's behaviour");
        var tmux = new Tmux();
        await tmux.RunAsync(["new-session", "-d", "-x", $"{columns}", "-y", $"{rows}", "env", "-i", "PATH=" + Environment.GetEnvironmentVariable("PATH"), "HOME=" + tmux._folder,
            "TERM=screen", "LANG=C.UTF-8", "PS1=shell: ", "KONKO_HISTORY=" + tmux.History, .. DotNet(), .. environment, "sh"]);
        await tmux.WaitAsync(screen => screen.Contains("shell:", StringComparison.Ordinal), "the shell's prompt");
        await tmux.TypeAsync(string.Join(' ', KonkoRun.Program.Concat(arguments)));
        await tmux.KeysAsync("Enter");
        return tmux;
    }

    /// <summary>Presses keys, by tmux's names for them.</summary>
    public Task KeysAsync(params string[] keys) => RunAsync(["send-keys", .. keys]);

    /// <summary>Types a text.</summary>
    public Task TypeAsync(string text) => RunAsync(["send-keys", "-l", text]);

    /// <summary>Types a text and presses Enter.</summary>
    public async Task EnterAsync(string text)
    {
        await TypeAsync(text);
        await KeysAsync("Enter");
    }

    /// <summary>Pastes a text as terminals do.</summary>
    public async Task PasteAsync(string text)
    {
        await RunAsync(["set-buffer", text]);
        await RunAsync(["paste-buffer", "-p", "-r"]);
    }

    public Task ResizeAsync(int columns, int rows) => RunAsync(["resize-window", "-x", $"{columns}", "-y", $"{rows}"]);

    /// <summary>The screen's rows, without spaces at their ends and empty ones at the screen's.</summary>
    public async Task<string> ScreenAsync() => string.Join('\n', (await RunAsync(["capture-pane", "-p"])).Split('\n').Select(row => row.TrimEnd())).TrimEnd('\n');

    /// <summary>The screen with its colours as control sequences.</summary>
    public Task<string> ColoursAsync() => RunAsync(["capture-pane", "-p", "-e"]);

    /// <summary>Waits until the screen shows something.</summary>
    public Task<string> WaitAsync(string text) => WaitAsync(screen => screen.Contains(text, StringComparison.Ordinal), $"'{text}'");

    /// <summary>Waits until the screen is as it should be.</summary>
    public async Task<string> WaitAsync(Func<string, bool> wanted, string what)
    {
        string screen = "";
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < s_deadline;)
        {
            screen = await ScreenAsync();
            if (wanted(screen)) return screen;
            await Task.Delay(s_pause, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"The screen never showed {what}; at last it was:\n{screen}");
        return screen;
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync(["kill-server"]);
        Directory.Delete(_folder, recursive: true);
    }

    private static IEnumerable<string> DotNet() =>
        from name in (string[])["DOTNET_ROOT", "DOTNET_CLI_HOME", "TMPDIR"]
        let value = Environment.GetEnvironmentVariable(name)
        where value is not null
        select $"{name}={value}";

    private async Task<string> RunAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("tmux") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-u", "-L", _socket, "-f", "/dev/null", .. arguments]) start.ArgumentList.Add(argument);
        start.Environment.Remove("TMUX");
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        string output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"tmux {arguments[0]}: {await error}");
        return output;
    }
}
