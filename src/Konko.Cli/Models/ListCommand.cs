using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Konko.Cli.Connection;
using Konko.Cli.Help;
using Konko.Cli.Hub;
using Konko.Cli.Running;
using Konko.Cli.Terminal;
using Konko.Server.Configuration;

namespace Konko.Cli.Models;

/// <summary><c>konko models list</c>.</summary>
internal sealed class ListCommand
{
    private readonly Option<string?> _folder = ModelsCommand.FolderOption();
    private readonly Option<bool> _json = ModelsCommand.JsonOption();

    public static Command Create() => new ListCommand().Build();

    private Command Build()
    {
        var command = new Command("list", "Lists the models of a server, or those that would be served here.") { _folder, _json };
        var connection = new ConnectionOptions(command);
        ModelsCommand.DescribeUrl(command);
        command.SetWork((result, console, stop) => RunAsync(result, connection, console, stop));
        return command.WithExamples("konko models list", "konko models list --url http://gpu:5080 --json");
    }

    private async Task<int> RunAsync(ParseResult result, ConnectionOptions connection, CliConsole console, CancellationToken cancellationToken)
    {
        ConnectionSettings settings = connection.Read(result);
        ModelList list = settings.Url is null ? Local(ModelsFolder.Find(result.GetValue(_folder))) : await RemoteAsync(settings, cancellationToken);
        if (result.GetValue(_json))
        {
            console.WriteLine(JsonSerializer.Serialize(list, ModelsJson.Plain.ModelList));
            return ExitCodes.Success;
        }

        foreach (string line in Table(list.Models)) console.WriteLine(line);
        foreach (string skipped in list.Skipped ?? []) console.Note($"not served: {skipped}");
        if (list.Folder is string folder) console.Note($"The folder of models is {folder}.");
        return ExitCodes.Success;
    }

    private static async Task<ModelList> RemoteAsync(ConnectionSettings settings, CancellationToken cancellationToken)
    {
        await using ServerConnection server = await ServerConnection.OpenAsync(settings, cancellationToken);
        return new ModelList(null, [.. (await server.Client.Models.ListAsync(cancellationToken)).Select(ModelRow.Of)], null);
    }

    private static ModelList Local(ModelsFolder folder)
    {
        IReadOnlyList<ModelOptions> models = folder.Read(out IReadOnlyList<string> skipped);
        return new ModelList(folder.Path, [.. models.AsParallel().AsOrdered().Select(model => ModelRow.Of(model.Id!, model.Path))], skipped);
    }

    internal static IEnumerable<string> Table(IReadOnlyList<ModelRow> models)
    {
        if (models.Count == 0) yield break;
        bool local = models.Any(model => model.Bytes is not null);
        string[][] rows =
        [
            ["MODEL", "WEIGHTS", "TYPE", "CONTEXT", local ? "SIZE" : "STATE", "FOR"],
            .. models.Select(model => (string[])
            [
                SafeText.Line(model.Id), Weights(model.Parameters), model.Quantization ?? "", model.ContextLength?.ToString(CultureInfo.InvariantCulture) ?? "",
                local ? model.Bytes is long bytes ? ByteText.Size(bytes) : "" : model.State ?? "",
                model.Problem is not null ? "cannot be run" : model.IsEmbedding switch { true => "vectors", false => "text", null => "" },
            ]),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows) yield return string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd();
    }

    internal static string Weights(long? count) => count switch
    {
        null => "",
        >= 1_000_000_000 => (count.Value / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + "B",
        >= 1_000_000 => (count.Value / 1e6).ToString("0", CultureInfo.InvariantCulture) + "M",
        _ => (count.Value / 1e3).ToString("0", CultureInfo.InvariantCulture) + "K",
    };
}
