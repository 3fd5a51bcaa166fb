namespace Konko.Cli.ShellCompletion;

/// <summary>
/// The scripts. All of them ask the program itself, by the directive <c>[suggest:POSITION]</c> and the line so far: what it
/// proposes is always what it understands. Where it proposes nothing, shells propose files.
/// </summary>
internal static class ShellScripts
{
    private const string Bash = """
        # konko in bash: source <(konko completion bash)
        _konko() {
            local IFS=$'\n' word=${COMP_WORDS[COMP_CWORD]}
            local words=$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
            COMPREPLY=($(compgen -W "$words" -- "$word"))
        }
        complete -o default -F _konko konko

        """;

    private const string Zsh = """
        # konko in zsh: source <(konko completion zsh)
        _konko() {
            local -a words_of_konko
            words_of_konko=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            [[ -n "${words_of_konko[1]}" ]] && compadd -a words_of_konko || _files
        }
        (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
        compdef _konko konko

        """;

    private const string Fish = """
        # konko in fish: konko completion fish > ~/.config/fish/completions/konko.fish
        function __konko_complete
            set -l line (commandline -cp)
            set -l words (konko "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
            if set -q words[1]
                printf '%s\n' $words
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c konko -f -a '(__konko_complete)'

        """;

    private const string Pwsh = """
        # konko in PowerShell: konko completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName konko -ScriptBlock {
            param($word, $line, $position)
            konko "[suggest:$position]" "$line" 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }

        """;

    /// <summary>The shells that there are scripts for.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "pwsh"];

    /// <summary>The script of a shell.</summary>
    public static string Of(string shell) => shell switch { "bash" => Bash, "zsh" => Zsh, "fish" => Fish, _ => Pwsh };
}
