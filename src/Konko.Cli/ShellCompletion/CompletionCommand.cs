using System.CommandLine;
using Konko.Cli.Help;

namespace Konko.Cli.ShellCompletion;

/// <summary><c>konko completion</c>: the script by which a shell completes commands and flags.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong([.. ShellScripts.Shells]);
        var command = new Command("completion", "Prints a script that lets a shell complete commands and flags.") { shell };
        command.SetAction(result =>
        {
            result.InvocationConfiguration.Output.Write(ShellScripts.Of(result.GetRequiredValue(shell)));
            return ExitCodes.Success;
        });
        return command.WithExamples(
            "source <(konko completion bash)                              # in ~/.bashrc",
            "source <(konko completion zsh)                               # in ~/.zshrc",
            "konko completion fish > ~/.config/fish/completions/konko.fish",
            "konko completion pwsh | Out-String | Invoke-Expression       # in $PROFILE");
    }
}
