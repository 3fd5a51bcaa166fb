using System.CommandLine;
using Konko.Cli.Help;

namespace Konko.Cli.Models;

/// <summary><c>konko models</c>: what models there are, fetching them and removing them.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new Command("models", "Lists models, shows one, fetches one from the hub, removes one.")
    {
        ListCommand.Create(),
        ShowCommand.Create(),
        PullCommand.Create(),
        RemoveCommand.Create(),
    }.WithExamples(
        "konko models list                                # those that 'konko serve' serves here",
        "konko models list --url http://gpu:5080          # those of a server",
        "konko models pull bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M",
        "konko models rm llama-3.2-1b-instruct-q4_k_m");

    /// <summary>The flag that names the folder.</summary>
    public static Option<string?> FolderOption() => new("--models-dir")
    {
        Description = "The folder of models. Default: that of konko.json or KONKO_MODELS_DIR, else 'models' in the folder for data, which 'konko serve' serves too.",
        HelpName = "FOLDER",
    };

    /// <summary>The flag that asks for JSON.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "Writes JSON." };

    /// <summary>Says of <c>--url</c> what it does here: without a server the files of this machine are meant.</summary>
    public static void DescribeUrl(Command command) =>
        command.Options.First(option => option.Name == "--url").Description = "Asks this server. Default: KONKO_BASE_URL, else no server: the files on this machine.";
}
