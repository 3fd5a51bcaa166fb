using System.Diagnostics;
using Konko.Cli.Tests.Support;

namespace Konko.Cli.Tests.ShellCompletion;

public sealed class CompletionCommandTests
{
    [Theory]
    [InlineData("konko ch", "chat")]
    [InlineData("konko chat --top", "--top-k --top-p")]
    [InlineData("konko completion ", "bash fish pwsh zsh")]
    public async Task Script_Bash_ProposesWhatTheProgramUnderstands(string line, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no bash.");
        string script = """
            konko() (exec PROGRAM "$@")
            source <(konko completion bash)
            COMP_LINE='LINE' COMP_POINT=${#COMP_LINE}
            COMP_POINT=${#COMP_LINE}
            read -ra COMP_WORDS <<<"$COMP_LINE"
            [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _konko
            printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd' '
            """.Replace("PROGRAM", string.Join(' ', KonkoRun.Program), StringComparison.Ordinal).Replace("LINE='LINE' COMP_POINT=${#COMP_LINE}", $"LINE='{line}'", StringComparison.Ordinal);

        Assert.Equal(expected, (await BashAsync(script)).Trim());
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Script_Shell_NamesItselfAndAsksTheProgram(string shell)
    {
        KonkoRun run = await KonkoRun.RunAsync("completion", shell);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains($"konko completion {shell}", run.Output, StringComparison.Ordinal);
        Assert.Contains("[suggest:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_UnknownShell_IsAUsageError()
    {
        KonkoRun run = await KonkoRun.RunAsync("completion", "csh");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal("konko: Argument 'csh' not recognized. Must be one of: 'bash' 'zsh' 'fish' 'pwsh'\nkonko: 'konko completion --help' lists what there is.", run.Error);
    }

    private static async Task<string> BashAsync(string script)
    {
        using Process process = Process.Start(new ProcessStartInfo("bash", ["--norc", "-c", script]) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output;
    }
}
