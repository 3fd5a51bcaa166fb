using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Konko.Cli.Answers;
using Konko.Cli.Connection;
using Konko.Cli.Help;
using Konko.Cli.Running;
using Konko.Cli.Terminal;

namespace Konko.Cli.Tokenize;

/// <summary><c>konko tokenize</c>: what a model makes of a text, and back.</summary>
internal sealed class TokenizeCommand
{
    private readonly Argument<string[]> _text = new("TEXT") { Description = "The text; - is standard input. Without it: --file, else standard input.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _model = new("--model", "-m") { Description = "The model's id, or a GGUF file to ask without a server. Default: the server's first one for chats.", HelpName = "ID" };
    private readonly Option<FileInfo?> _file = new("--file", "-f") { Description = "A file that holds the text, taken as it is.", HelpName = "FILE" };
    private readonly Option<bool> _count = new("--count", "-c") { Description = "Only how many tokens there are." };
    private readonly Option<bool> _pieces = new("--pieces", "-p") { Description = "A token a line: its id, and what it stands for, as a string of JSON." };
    private readonly Option<bool> _noSpecial = new("--no-special") { Description = "Leaves out the tokens that a model wants around a text." };
    private readonly Option<bool> _decode = new("--decode") { Description = "The other way: TEXT is token ids, the output their text." };
    private readonly Option<bool> _json = new("--json") { Description = "The server's answer as JSON." };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "No statistics." };
    private readonly ConnectionOptions _connection;
    private readonly Command _command;

    private TokenizeCommand()
    {
        _command = new Command("tokenize", "Makes tokens of a text: their ids, pieces or number.") { _text, _model };
        _connection = new ConnectionOptions(_command);
        foreach (Option option in (Option[])[_file, _count, _pieces, _noSpecial, _decode, _json, _quiet]) _command.Options.Add(option);
    }

    public static Command Create()
    {
        var tokenize = new TokenizeCommand();
        tokenize._command.SetWork(tokenize.RunAsync);
        return tokenize._command.WithExamples(
            "konko tokenize \"Hello, world\"         # ids",
            "konko tokenize --pieces \"Hello\"       # an id and its text a line",
            "konko tokenize --count -f prompt.txt  # how many",
            "konko tokenize --decode 19556 28      # ids to text");
    }

    private async Task<int> RunAsync(ParseResult result, CliConsole console, CancellationToken cancellationToken)
    {
        console.IsQuiet = result.GetValue(_quiet);
        string? named = result.GetValue(_model);
        ConnectionSettings settings = _connection.Read(result, named);
        if (new[] { _count, _pieces, _decode }.Count(result.GetValue) > 1) throw new UsageException("--count, --pieces and --decode exclude one another.");
        string text = InputText.Of(result.GetValue(_text) ?? [], result.GetValue(_file), "TEXT", Console.OpenStandardInput);
        bool decode = result.GetValue(_decode);
        JsonObject body = decode ? new() { ["tokens"] = Ids(text) } : new() { ["prompt"] = text, ["return_token_strs"] = true };
        if (!decode && result.GetValue(_noSpecial)) body["add_special_tokens"] = false;

        await using ServerConnection connection = await ServerConnection.OpenAsync(settings, cancellationToken);
        body["model"] = await ModelChoice.FindAsync(connection, named, settings, ModelKind.Any, cancellationToken);
        RawResponse answer = await connection.Client.SendAsync(HttpMethod.Post, decode ? "detokenize" : "tokenize", body, cancellationToken);
        if (result.GetValue(_json)) console.WriteLine(answer.Text);
        else if (decode) console.Write(Field(answer, "prompt").GetValue<string>());
        else Show(result, console, answer);
        console.EndLine();
        return ExitCodes.Success;
    }

    private void Show(ParseResult result, CliConsole console, RawResponse answer)
    {
        JsonArray tokens = Field(answer, "tokens").AsArray();
        if (result.GetValue(_count))
        {
            console.WriteLine(tokens.Count.ToString(CultureInfo.InvariantCulture));
            return;
        }

        if (result.GetValue(_pieces))
        {
            foreach ((JsonNode? id, JsonNode? piece) in tokens.Zip(Field(answer, "token_strs").AsArray()))
            {
                console.WriteLine($"{id}\t{JsonSerializer.Serialize(piece?.ToString() ?? "", CliJson.Plain.String)}");
            }
        }
        else
        {
            console.WriteLine(string.Join(' ', tokens));
        }

        console.Note(tokens.Count == 1 ? "1 token" : string.Create(CultureInfo.InvariantCulture, $"{tokens.Count} tokens"));
    }

    private static JsonNode Field(RawResponse answer, string name)
    {
        try
        {
            return JsonNode.Parse(answer.Body.Span) is JsonObject fields && fields[name] is { } field ? field : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new FailureException($"the server's answer has no '{name}'.");
        }
    }

    private static JsonArray Ids(string text)
    {
        var ids = new JsonArray();
        foreach (string word in text.Split([' ', ',', '\t', '\n', '\r', '[', ']'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int id)) throw new UsageException($"--decode needs token ids, not '{word}'.");
            ids.Add(id);
        }

        return ids;
    }
}
