using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Konko.Cli.Answers;
using Konko.Cli.Chat.Editing;
using Konko.Cli.Connection;
using Konko.Cli.Help;
using Konko.Cli.Parameters;
using Konko.Cli.Running;
using Konko.Cli.Terminal;

namespace Konko.Cli.Chat;

/// <summary><c>konko chat</c>: a conversation, or one question.</summary>
internal sealed class ChatCommand
{
    private readonly Argument<string[]> _question = new("QUESTION") { Description = "What to ask; - is standard input. Without it: a conversation at a terminal, else standard input is the question.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _model = new("--model", "-m") { Description = "The model's id, or a GGUF file to ask without a server. Default: the server's first one for chats.", HelpName = "ID" };
    private readonly Option<string?> _system = new("--system") { Description = "What the system says before the conversation.", HelpName = "TEXT" };
    private readonly Option<FileInfo?> _load = new("--load") { Description = "A conversation to go on with, as /save wrote it.", HelpName = "FILE" };
    private readonly Option<FileInfo?> _schema = new("--schema") { Description = "A JSON schema that the answer must satisfy.", HelpName = "FILE" };
    private readonly Option<bool> _whole = new("--no-stream") { Description = "Waits for the whole answer." };
    private readonly Option<bool> _json = new("--json") { Description = "The answer as JSON: one event a line, with --no-stream all of it in one." };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Only the answer, no statistics." };
    private readonly Option<bool> _noHistory = new("--no-history") { Description = "Neither reads nor writes the history of what was typed. KONKO_HISTORY=off does so always." };
    private readonly ConnectionOptions _connection;
    private readonly ParameterFlags _parameters;
    private readonly Command _command;

    private ChatCommand()
    {
        _command = new Command("chat", "Talks with a model: a conversation at the terminal, or one question and its answer.") { _question, _model };
        _connection = new ConnectionOptions(_command);
        foreach (Option option in (Option[])[_system, _load, _schema, _whole, _json, _quiet, _noHistory]) _command.Options.Add(option);
        _parameters = new ParameterFlags(_command, ParameterScope.Chat);
    }

    public static Command Create()
    {
        var chat = new ChatCommand();
        chat._command.SetWork(chat.RunAsync);
        return chat._command.WithExamples(
            "konko chat                                   # a conversation; /help tells what can be typed",
            "konko chat What is the capital of France?    # one question",
            "git diff | konko chat \"Review this:\" -       # a question with standard input in it",
            "konko chat --model my.gguf -t 0 \"Hello\"      # a file, without a server",
            "konko chat --url https://llm.example/v1 Hi   # any server that speaks OpenAI's API");
    }

    private async Task<int> RunAsync(ParseResult result, CliConsole console, CancellationToken cancellationToken)
    {
        console.IsQuiet = result.GetValue(_quiet);
        string? named = result.GetValue(_model);
        JsonObject parameters = _parameters.Read(result);
        if (result.GetValue(_schema) is { } schema) parameters["response_format"] = Format(schema);
        SavedChat? saved = result.GetValue(_load) is { } file ? SavedChatFile.Read(file.FullName) : null;
        ConnectionSettings settings = _connection.Read(result, named);
        string[] words = result.GetValue(_question) ?? [];
        bool talk = words.Length == 0 && console.Terminals.IsInteractive;
        if (talk && (result.GetValue(_json) || result.GetValue(_whole))) throw new UsageException("--json and --no-stream need a QUESTION.");
        if (talk && !console.CanMoveCursor) throw new UsageException("this terminal understands no control sequences; ask with a QUESTION.");
        string question = talk ? "" : InputText.Of(words, Console.OpenStandardInput);
        if (!talk && question.Length == 0) throw new UsageException("QUESTION is empty.");

        await using ServerConnection connection = await ServerConnection.OpenAsync(settings, cancellationToken);
        string model = await ModelChoice.FindAsync(connection, named, settings, ModelKind.Chat, cancellationToken);
        var conversation = new Conversation();
        if (saved is not null)
        {
            conversation.Load(saved.Messages!);
            foreach ((string name, JsonNode? value) in saved.Parameters ?? []) parameters.TryAdd(name, value?.DeepClone());
        }

        if (result.GetValue(_system) is { } system) conversation.System = system;
        if (talk) return await TalkAsync(connection, console, model, parameters, conversation, result.GetValue(_noHistory), cancellationToken);
        conversation.Ask(question);
        var request = new ChatRequest { Model = model, Messages = conversation.Messages, Extra = parameters };
        return await (result.GetValue(_whole) ? WholeAsync(connection, console, request, result.GetValue(_json), cancellationToken)
            : StreamAsync(connection, console, request, result.GetValue(_json), cancellationToken));
    }

    private static async Task<int> TalkAsync(ServerConnection connection, CliConsole console, string model, JsonObject parameters, Conversation conversation, bool noHistory, CancellationToken cancellationToken)
    {
        string? path = noHistory ? null : StateFolder.HistoryFile(Environment.GetEnvironmentVariable);
        using var keyboard = new Keyboard();
        using var paste = new BracketedPaste(console);
        var editor = new LineEditor(keyboard, new EditorScreen(console), path is null ? History.InMemory() : History.Open(path), SlashCommands.Complete);
        var session = new ChatSession(connection.Client, console, editor, keyboard.OnInterrupt, TimeProvider.System, conversation) { Model = model, Parameters = parameters };
        session.Tell($"{model}, {connection.Name}. /help tells what can be typed, Ctrl-D leaves.");
        return await session.RunAsync(cancellationToken);
    }

    private static async Task<int> StreamAsync(ServerConnection connection, CliConsole console, ChatRequest request, bool json, CancellationToken cancellationToken)
    {
        IAsyncEnumerable<AnswerPiece> pieces = AnswerPiece.OfAsync(connection.Client.ChatCompletion.CreateStreaming(request, cancellationToken), cancellationToken);
        await AnswerOutput.StreamAsync(console, pieces, json, TimeProvider.System);
        return ExitCodes.Success;
    }

    private static async Task<int> WholeAsync(ServerConnection connection, CliConsole console, ChatRequest request, bool json, CancellationToken cancellationToken)
    {
        var statistics = new AnswerStatistics(TimeProvider.System);
        ChatCompletion answer = await connection.Client.ChatCompletion.CreateAsync(request, cancellationToken);
        statistics.Add(answer.Usage, answer.Choices is [var choice, ..] ? choice.FinishReason : null);
        AnswerOutput.Whole(console, json ? answer.Response!.Text : null, answer.Text, statistics);
        return ExitCodes.Success;
    }

    private static JsonObject Format(FileInfo file)
    {
        try
        {
            JsonNode? schema = JsonNode.Parse(File.ReadAllText(file.FullName, Encoding.UTF8));
            return new JsonObject { ["type"] = "json_schema", ["json_schema"] = new JsonObject { ["name"] = "answer", ["strict"] = true, ["schema"] = schema } };
        }
        catch (JsonException exception)
        {
            throw new UsageException($"--schema: {file.Name} is no JSON: {exception.Message}");
        }
    }
}
