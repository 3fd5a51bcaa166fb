using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Konko.Cli.Answers;
using Konko.Cli.Connection;
using Konko.Cli.Help;
using Konko.Cli.Running;
using Konko.Cli.Terminal;
using Konko.Protocol.Embeddings;

namespace Konko.Cli.Embed;

/// <summary><c>konko embed</c>: texts to vectors.</summary>
internal sealed class EmbedCommand
{
    private readonly Argument<string[]> _texts = new("TEXT") { Description = "The texts, one an argument. Without them: one a line of standard input.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _model = new("--model", "-m") { Description = "The model's id, or a GGUF file to ask without a server. Default: the server's first one for embeddings.", HelpName = "ID" };
    private readonly Option<int?> _dimensions = new("--dimensions", "-d") { Description = "Shorter vectors, of models that can.", HelpName = "N" };
    private readonly Option<bool> _base64 = new("--base64") { Description = "Vectors as base64 of little-endian single-precision numbers." };
    private readonly Option<bool> _json = new("--json") { Description = "The server's answer as JSON." };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Only the vectors, no statistics." };
    private readonly ConnectionOptions _connection;
    private readonly Command _command;

    private EmbedCommand()
    {
        _command = new Command("embed", "Makes vectors of texts: a line each, as a list of numbers.") { _texts, _model };
        _connection = new ConnectionOptions(_command);
        foreach (Option option in (Option[])[_dimensions, _base64, _json, _quiet]) _command.Options.Add(option);
    }

    public static Command Create()
    {
        var embed = new EmbedCommand();
        embed._command.SetWork(embed.RunAsync);
        return embed._command.WithExamples(
            "konko embed \"a cat\" \"a dog\"         # two vectors, a line each",
            "konko embed < lines.txt            # one for each line",
            "konko embed --base64 --json Hello  # as the server says it");
    }

    private async Task<int> RunAsync(ParseResult result, CliConsole console, CancellationToken cancellationToken)
    {
        console.IsQuiet = result.GetValue(_quiet);
        string? named = result.GetValue(_model);
        ConnectionSettings settings = _connection.Read(result, named);
        string[] texts = result.GetValue(_texts) is { Length: > 0 } given ? given : InputText.Read(Console.OpenStandardInput).ReplaceLineEndings("\n").Split('\n');
        if (texts is [""]) throw new UsageException("TEXT is empty.");

        await using ServerConnection connection = await ServerConnection.OpenAsync(settings, cancellationToken);
        string model = await ModelChoice.FindAsync(connection, named, settings, ModelKind.Embedding, cancellationToken);
        bool base64 = result.GetValue(_base64);
        if (result.GetValue(_json))
        {
            console.WriteLine((await RawAsync(connection, model, texts, result.GetValue(_dimensions), base64, cancellationToken)).Text);
            return ExitCodes.Success;
        }

        EmbeddingAnswer answer = await connection.Client.Embeddings.CreateAsync(new EmbeddingRequest { Model = model, Input = texts, Dimensions = result.GetValue(_dimensions) }, cancellationToken);
        foreach (EmbeddingObject vector in answer.Data) console.WriteLine(base64 ? Base64(vector.Embedding.Values) : Numbers(vector.Embedding.Values));
        string counted = answer.Data.Count == 1 ? "1 vector" : string.Create(CultureInfo.InvariantCulture, $"{answer.Data.Count} vectors");
        console.Note(string.Create(CultureInfo.InvariantCulture, $"{counted} of {answer.Vector.Length} dimensions, {answer.Usage?.PromptTokens ?? 0} tokens, {answer.Model}"));
        return ExitCodes.Success;
    }

    private static Task<RawResponse> RawAsync(ServerConnection connection, string model, string[] texts, int? dimensions, bool base64, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["input"] = new JsonArray([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]),
            ["encoding_format"] = base64 ? "base64" : "float",
        };
        if (dimensions is { } wanted) body["dimensions"] = wanted;
        return connection.Client.SendAsync(HttpMethod.Post, "embeddings", body, cancellationToken);
    }

    private static string Numbers(ReadOnlyMemory<float> vector) =>
        "[" + string.Join(",", vector.ToArray().Select(value => value.ToString("R", CultureInfo.InvariantCulture))) + "]";

    private static string Base64(ReadOnlyMemory<float> vector)
    {
        byte[] bytes = new byte[vector.Length * sizeof(float)];
        for (int i = 0; i < vector.Length; i++) System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector.Span[i]);
        return Convert.ToBase64String(bytes);
    }
}
