using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Konko.Cli.Connection;
using Konko.Cli.Help;
using Konko.Cli.Hub;
using Konko.Cli.Running;
using Konko.Cli.Terminal;
using Konko.Server.Configuration;
using Konko.Server.Models;

namespace Konko.Cli.Models;

/// <summary><c>konko models show</c>.</summary>
internal sealed class ShowCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "Its id; here also the name of its file, or a path to one." };
    private readonly Option<string?> _folder = ModelsCommand.FolderOption();
    private readonly Option<bool> _json = ModelsCommand.JsonOption();

    public static Command Create() => new ShowCommand().Build();

    private Command Build()
    {
        var command = new Command("show", "Shows what is known of a model, without loading it.") { _model, _folder, _json };
        var connection = new ConnectionOptions(command);
        ModelsCommand.DescribeUrl(command);
        command.SetWork((result, console, stop) => RunAsync(result, connection, console, stop));
        return command.WithExamples("konko models show huggingfacetb/smollm2-135m-instruct", "konko models show ./model.gguf --json");
    }

    private async Task<int> RunAsync(ParseResult result, ConnectionOptions connection, CliConsole console, CancellationToken cancellationToken)
    {
        string name = result.GetRequiredValue(_model);
        ConnectionSettings settings = connection.Read(result);
        ModelRow row = settings.Url is null ? Local(ModelsFolder.Find(result.GetValue(_folder)), name) : await RemoteAsync(settings, name, cancellationToken);
        if (result.GetValue(_json)) console.WriteLine(JsonSerializer.Serialize(row, ModelsJson.Plain.ModelRow));
        else foreach (string line in Lines(row)) console.WriteLine(line);
        return row.Problem is null ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static async Task<ModelRow> RemoteAsync(ConnectionSettings settings, string name, CancellationToken cancellationToken)
    {
        await using ServerConnection server = await ServerConnection.OpenAsync(settings, cancellationToken);
        return ModelRow.Of(await server.Client.Models.RetrieveAsync(name, cancellationToken));
    }

    private static ModelRow Local(ModelsFolder folder, string name)
    {
        ModelOptions model = folder.FindModel(name) ?? throw new UsageException($"there is no model '{name}' here; 'konko models list' shows what there is.");
        ModelRow row = ModelRow.Of(model.Id!, model.Path);
        ModelMetadata known = model.Metadata.Over(ModelCatalogue.MetadataOf(row.Id));
        return row with { License = known.LicenseName ?? row.License, Description = known.Description ?? row.Description };
    }

    internal static IEnumerable<string> Lines(ModelRow row)
    {
        (string Name, string? Value)[] fields =
        [
            ("model", row.Id),
            ("description", row.Description),
            ("architecture", row.Architecture),
            ("for", row.IsEmbedding switch { true => "vectors", false => "text", null => null }),
            ("weights", row.Parameters is long parameters ? $"{ListCommand.Weights(parameters)} ({parameters.ToString("N0", CultureInfo.InvariantCulture)})" : null),
            ("type", row.Quantization),
            ("context", row.ContextLength is long context ? $"{context.ToString(CultureInfo.InvariantCulture)} tokens" : null),
            ("size", row.Bytes is long bytes ? $"{ByteText.Size(bytes)} ({bytes.ToString("N0", CultureInfo.InvariantCulture)} bytes)" : null),
            ("licence", row.License ?? (row.File is null ? null : "not said")),
            ("template", row.ChatTemplate switch { true => "yes", false => "no", null => null }),
            ("state", row.State),
            ("file", row.File),
            ("problem", row.Problem),
        ];
        foreach ((string field, string? value) in fields)
            if (value is not null) yield return $"{field,-13} {SafeText.Line(value)}";
    }
}
