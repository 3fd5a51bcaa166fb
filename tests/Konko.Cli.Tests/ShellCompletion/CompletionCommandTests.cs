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

        Assert.Equal(expected, (await ShellAsync("bash", "--norc", "-c", script)).Trim());
    }

    [Theory]
    [InlineData("konko ch", "chat")]
    [InlineData("konko chat --top", "--top-k --top-p")]
    [InlineData("konko completion ", "bash fish pwsh zsh")]
    [InlineData("konko serve --model models/README", "models/README.md")]
    public async Task Script_Fish_ProposesWhatTheProgramUnderstandsElseFiles(string line, string expected)
    {
        OtherPrograms.Require("fish", "--version", "fish's completion");
        string script = $"""
            cd {Repository.Root}
            function konko; {string.Join(' ', KonkoRun.Program)} $argv; end
            konko completion fish | source
            complete -C "{line}" | string replace -r '\t.*' '' | sort | string join ' '
            """;

        Assert.Equal(expected, (await ShellAsync("fish", "--no-config", "-c", script)).Trim());
    }

    [Fact]
    public async Task Script_Zsh_ProposesWhatTheProgramUnderstandsElseFiles()
    {
        OtherPrograms.Require("zsh", "--version", "zsh's completion");
        await using Tmux tmux = await Tmux.StartAsync(300, 20, [], "version");
        await tmux.WaitAsync("\nshell:");
        await tmux.EnterAsync($"cd {Repository.Root} && exec zsh -f");
        await tmux.EnterAsync($"konko() {{ {string.Join(' ', KonkoRun.Program)} \"$@\" }}; PS1='ready: '");
        await tmux.WaitAsync("\nready:");
        await tmux.EnterAsync("source <(konko completion zsh)");
        await tmux.TypeAsync("konko completio");
        await tmux.KeysAsync("Tab");
        await tmux.WaitAsync("\nready: konko completion");
        await tmux.KeysAsync("Tab");
        await tmux.WaitAsync("\nbash  fish  pwsh  zsh");
        await tmux.KeysAsync("C-u");
        await tmux.TypeAsync("konko serve --model models/READ");
        await tmux.KeysAsync("Tab");
        await tmux.WaitAsync("\nready: konko serve --model models/README.md");
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

    private static async Task<string> ShellAsync(string shell, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(shell, arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output;
    }
}
