using System.CommandLine;
using System.Text.Json.Nodes;
using Konko.Cli.Answers;
using Konko.Cli.Connection;
using Konko.Cli.Help;
using Konko.Cli.Parameters;
using Konko.Cli.Running;
using Konko.Cli.Terminal;

namespace Konko.Cli.Complete;

/// <summary><c>konko complete</c>: goes on from a text as it stands, without a template.</summary>
internal sealed class CompleteCommand
{
    private readonly Argument<string[]> _prompt = new("PROMPT") { Description = "The text to go on from; - is standard input. Without it: --file, else standard input.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _model = new("--model", "-m") { Description = "The model's id, or a GGUF file to ask without a server. Default: the server's first one for text.", HelpName = "ID" };
    private readonly Option<FileInfo?> _file = new("--file", "-f") { Description = "A file that holds the prompt, taken as it is.", HelpName = "FILE" };
    private readonly Option<bool> _whole = new("--no-stream") { Description = "Waits for the whole answer." };
    private readonly Option<bool> _json = new("--json") { Description = "The answer as JSON: one event a line, with --no-stream all of it in one." };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Only the answer, no statistics." };
    private readonly ConnectionOptions _connection;
    private readonly ParameterFlags _parameters;
    private readonly Command _command;

    private CompleteCommand()
    {
        _command = new Command("complete", "Goes on from a text as it stands, without a chat template.") { _prompt, _model };
        _connection = new ConnectionOptions(_command);
        foreach (Option option in (Option[])[_file, _whole, _json, _quiet]) _command.Options.Add(option);
        _parameters = new ParameterFlags(_command, ParameterScope.Text);
    }

    public static Command Create()
    {
        var complete = new CompleteCommand();
        complete._command.SetWork(complete.RunAsync);
        return complete._command.WithExamples(
            "konko complete \"Once upon a time\" -n 100     # goes on for up to 100 tokens",
            "konko complete -f story.txt -t 0 > more.txt  # a file's text; the answer's exact bytes",
            "konko complete --no-stream --json Hello      # all that the server says, as JSON");
    }

    private async Task<int> RunAsync(ParseResult result, CliConsole console, CancellationToken cancellationToken)
    {
        console.IsQuiet = result.GetValue(_quiet);
        bool json = result.GetValue(_json), whole = result.GetValue(_whole);
        string? named = result.GetValue(_model);
        JsonObject parameters = _parameters.Read(result);
        if (!json && (parameters.ContainsKey("logprobs") || (parameters["n"] is { } n && n.GetValue<long>() != 1))) throw new UsageException("--n and --logprobs need --json: a text alone cannot show them.");
        ConnectionSettings settings = _connection.Read(result, named);
        string prompt = InputText.Of(result.GetValue(_prompt) ?? [], result.GetValue(_file), "PROMPT", Console.OpenStandardInput);

        await using ServerConnection connection = await ServerConnection.OpenAsync(settings, cancellationToken);
        string model = await ModelChoice.FindAsync(connection, named, settings, ModelKind.Text, cancellationToken);
        var request = new CompletionRequest { Model = model, Prompt = [prompt], Extra = parameters };
        if (!whole)
        {
            await AnswerOutput.StreamAsync(console, AnswerPiece.OfAsync(connection.Client.Completions.CreateStreaming(request, cancellationToken), cancellationToken), json, TimeProvider.System);
            return ExitCodes.Success;
        }

        var statistics = new AnswerStatistics(TimeProvider.System);
        Completion answer = await connection.Client.Completions.CreateAsync(request, cancellationToken);
        statistics.Add(answer.Usage, answer.Choices is [var choice, ..] ? choice.FinishReason : null);
        AnswerOutput.Whole(console, json ? answer.Response!.Text : null, answer.Text, statistics);
        return ExitCodes.Success;
    }
}
