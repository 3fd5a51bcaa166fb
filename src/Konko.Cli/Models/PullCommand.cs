using System.CommandLine;
using System.Text.Json;
using Konko.Cli.Help;
using Konko.Cli.Hub;
using Konko.Cli.Running;
using Konko.Cli.Terminal;
using Konko.Engine;

namespace Konko.Cli.Models;

/// <summary><c>konko models pull</c>.</summary>
internal sealed class PullCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "ORG/REPO, and behind a colon the quantisation or the file's name. Without it: the only one, else Q4_K_M." };
    private readonly Option<string?> _folder = ModelsCommand.FolderOption();
    private readonly Option<string> _revision = new("--revision") { Description = "The branch, tag or commit.", HelpName = "NAME", DefaultValueFactory = _ => "main" };
    private readonly Option<string?> _as = new("--as") { Description = "The name that the file gets. Default: that of the hub.", HelpName = "NAME.gguf" };
    private readonly Option<bool> _json = ModelsCommand.JsonOption();

    public static Command Create() => new PullCommand().Build();

    private Command Build()
    {
        var command = new Command("pull", "Fetches a model from the Hugging Face hub, or one that speaks its protocol (HF_ENDPOINT, HF_TOKEN). A pull that was stopped goes on where it was.")
        {
            _model, _folder, _revision, _as, _json,
        };
        command.SetWork(RunAsync);
        return command.WithExamples(
            "konko models pull bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M",
            "konko models pull unsloth/Qwen3-0.6B-GGUF:Q8_0 --models-dir ~/models",
            "HF_TOKEN=… konko models pull org/gated-GGUF            # one that wants its terms accepted");
    }

    private async Task<int> RunAsync(ParseResult result, CliConsole console, CancellationToken cancellationToken)
    {
        HubReference reference = HubReference.Parse(result.GetRequiredValue(_model), result.GetRequiredValue(_revision));
        string? name = result.GetValue(_as);
        if (name is not null && !HubFile.IsSafeModelName(name)) throw new UsageException("--as must be the name of a file that ends in .gguf, without a folder.");
        HubEndpoint endpoint = HubEndpoint.Of(Environment.GetEnvironmentVariable);
        ModelsFolder folder = ModelsFolder.Find(result.GetValue(_folder));
        bool canRedraw = console.Terminals.Error && Environment.GetEnvironmentVariable("TERM") != "dumb";
        using var progress = new PullProgress(Console.Error, canRedraw, () => console.Size.Columns, TimeProvider.System);
        using var http = new HubHttp(endpoint, TimeProvider.System);
        var pull = new ModelPull(endpoint, http, folder.Path, progress, console.Note, TimeProvider.System);
        try
        {
            (IReadOnlyList<string> paths, HubModel model, ModelOutline outline) = await pull.RunAsync(reference, name, cancellationToken);
            Tell(result, console, folder, paths, model, outline);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            console.Note("Stopped. The same command goes on from here.");
            throw;
        }

        return ExitCodes.Success;
    }

    private void Tell(ParseResult result, CliConsole console, ModelsFolder folder, IReadOnlyList<string> paths, HubModel model, ModelOutline outline)
    {
        string? id = folder.IdOf(paths[0]);
        if (result.GetValue(_json))
        {
            var pulled = new PulledModel(id, paths, [.. model.Files.Select(file => file.Sha256!)], model.Bytes);
            console.WriteLine(JsonSerializer.Serialize(pulled, ModelsJson.Plain.PulledModel));
            return;
        }

        foreach (string line in ShowCommand.Lines(ModelRow.Of(id ?? Path.GetFileName(paths[0]), paths[0], outline))) console.WriteLine(line);
        console.Note(id is null ? $"It is in {folder.Path}, but 'konko models list' tells why it is not served." : "'konko serve' serves it from its next start on.");
    }
}
