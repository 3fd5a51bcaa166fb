using Konko.Cli.Tests.Hub;
using Konko.Cli.Tests.Support;

namespace Konko.Cli.Tests.Models;

/// <summary>A pull as a person sees it.</summary>
[Trait("Gate", "terminal")]
public sealed class PullTerminalTests
{
    [Theory]
    [InlineData(100, @"^tiny-Q4_0\.gguf \[#+\.+\]  \d+ %  \d\.\d / 1\.8 MiB.*$")]
    [InlineData(36, @"^ ?\d+ %  .*$")]
    public async Task Pull_Terminal_ShowsOneLineThatFits(int columns, string line)
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        var seen = new TaskCompletionSource();
        HoldBack(pull, seen.Task);
        await using Tmux terminal = await StartAsync(pull, columns);

        string screen = await terminal.WaitAsync(text => text.Contains(" %", StringComparison.Ordinal) && Progress(text) is [var only] && only.Length < columns && !only.Contains("  0 %", StringComparison.Ordinal), "one line of progress");
        Assert.Matches(line, Progress(screen)[0]);

        seen.SetResult();
        screen = await terminal.WaitAsync("template");
        Assert.Empty(Progress(screen));
        Assert.Equal([PullFixture.File], pull.Here);
        Assert.DoesNotContain("konko:", screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_ControlC_StopsAndTheNextGoesOn()
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        HoldBack(pull, Task.Delay(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken));
        await using Tmux terminal = await StartAsync(pull, 100);
        await terminal.WaitAsync(text => Progress(text) is [var only] && !only.Contains("  0 %", StringComparison.Ordinal), "progress");

        await terminal.KeysAsync("C-c");

        string screen = await terminal.WaitAsync("Stopped. The same command goes on from here.");
        Assert.Empty(Progress(screen));
        Assert.Equal([PullFixture.File + ".part", PullFixture.File + ".part.json"], pull.Here);
        await terminal.EnterAsync("echo ended with $?");
        await terminal.WaitAsync("ended with 130");

        await pull.PullAsync();
        Assert.StartsWith("bytes=", pull.Hub.Downloads.Last().Range, StringComparison.Ordinal);
        Assert.Equal(PullFixture.Content, await File.ReadAllBytesAsync(pull.Path, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("n", true)]
    [InlineData("y", false)]
    public async Task Remove_Terminal_Asks(string answer, bool stays)
    {
        await using PullFixture pull = await PullFixture.CreateAsync();
        await File.WriteAllTextAsync(pull.Path, "x", TestContext.Current.CancellationToken);
        await using Tmux terminal = await Tmux.StartAsync(100, 24, [], "models", "rm", "tiny-Q4_0", "--models-dir", pull.Folder);
        await terminal.WaitAsync("[y/N]");

        await terminal.EnterAsync(answer);

        await terminal.WaitAsync(stays ? "Nothing was removed." : "removed tiny-Q4_0.gguf");
        Assert.Equal(stays, File.Exists(pull.Path));
    }

    private static Task<Tmux> StartAsync(PullFixture pull, int columns) =>
        Tmux.StartAsync(columns, 24, [$"HF_ENDPOINT={pull.Hub.Endpoint().Url}"], "models", "pull", FakeHub.Repository, "--models-dir", pull.Folder);

    // Half of it comes at once, the rest when it was looked at.
    private static void HoldBack(PullFixture pull, Task until) => pull.Hub.OnContent.Enqueue(async (context, content) =>
    {
        context.Response.Headers.ETag = "\"v1\"";
        context.Response.ContentLength = content.Length;
        for (int at = 0; at < content.Length; at += 100_000)
        {
            if (at > content.Length / 2) await until.WaitAsync(context.RequestAborted);
            await context.Response.Body.WriteAsync(content.AsMemory(at, Math.Min(100_000, content.Length - at)), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    });

    private static string[] Progress(string screen) => [.. screen.Split('\n').Where(row => row.Contains(" %", StringComparison.Ordinal))];
}
