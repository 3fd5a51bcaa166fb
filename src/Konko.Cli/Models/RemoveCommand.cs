using System.CommandLine;
using System.Text.Json;
using Konko.Cli.Help;
using Konko.Cli.Hub;
using Konko.Cli.Running;
using Konko.Cli.Terminal;

namespace Konko.Cli.Models;

/// <summary><c>konko models rm</c>.</summary>
internal sealed class RemoveCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "Its id, or the name of its file." };
    private readonly Option<string?> _folder = ModelsCommand.FolderOption();
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Does not ask." };
    private readonly Option<bool> _json = ModelsCommand.JsonOption();

    public static Command Create() => new RemoveCommand().Build();

    private Command Build()
    {
        var command = new Command("rm", "Removes a model's files, or what an unfinished pull left, from the folder of models; never from elsewhere.") { _model, _folder, _yes, _json };
        command.SetWork((result, console, _) => Task.FromResult(Run(result, console)));
        return command.WithExamples("konko models rm llama-3.2-1b-instruct-q4_k_m", "konko models rm Llama-3.2-1B-Instruct-Q4_K_M.gguf --yes");
    }

    private int Run(ParseResult result, CliConsole console)
    {
        ModelsFolder folder = ModelsFolder.Find(result.GetValue(_folder));
        IReadOnlyList<string> files = folder.FilesOf(result.GetRequiredValue(_model));
        long bytes = files.Sum(file => new FileInfo(file).Length);
        if (!result.GetValue(_yes))
        {
            if (!console.Terminals.Input || !console.Terminals.Error) throw new UsageException("--yes is needed where nobody can be asked.");
            console.Note($"Remove {string.Join(", ", files.Select(Path.GetFileName))} ({ByteText.Size(bytes)}) from {folder.Path}? [y/N]");
            if (Console.In.ReadLine()?.Trim().ToLowerInvariant() is not ("y" or "yes"))
            {
                console.Note("Nothing was removed.");
                return ExitCodes.Failure;
            }
        }

        foreach (string file in files) File.Delete(file);
        if (result.GetValue(_json)) console.WriteLine(JsonSerializer.Serialize(new RemovedModel(files, bytes), ModelsJson.Plain.RemovedModel));
        else foreach (string file in files) console.WriteLine($"removed {Path.GetFileName(file)}");
        return ExitCodes.Success;
    }
}
