using System.Globalization;
using System.Text.Json.Nodes;
using Konko.Cli.Answers;
using Konko.Cli.Chat.Editing;
using Konko.Cli.Running;
using Konko.Cli.Terminal;

namespace Konko.Cli.Chat;

/// <summary>A conversation at a terminal, from the first prompt to the last.</summary>
internal sealed class ChatSession
{
    private readonly KonkoClient _client;
    private readonly CliConsole _console;
    private readonly TimeProvider _time;
    private readonly LineEditor _editor;
    private readonly Func<Action, IDisposable> _onInterrupt;

    private AnswerStatistics? _last;
    private int _answers;
    private long _tokens;

    /// <summary>A conversation that has not begun.</summary>
    /// <param name="client">The server.</param>
    /// <param name="console">The terminal.</param>
    /// <param name="editor">Reads questions.</param>
    /// <param name="onInterrupt">Until the result is disposed of, Ctrl-C does what is given.</param>
    /// <param name="time">The clock.</param>
    /// <param name="conversation">What was said before.</param>
    public ChatSession(KonkoClient client, CliConsole console, LineEditor editor, Func<Action, IDisposable> onInterrupt, TimeProvider time, Conversation conversation) =>
        (_client, _console, _editor, _onInterrupt, _time, Conversation) = (client, console, editor, onInterrupt, time, conversation);

    /// <summary>The model that is asked.</summary>
    public required string Model { get; set; }

    /// <summary>The fields of requests that are set.</summary>
    public required JsonObject Parameters { get; set; }

    /// <summary>What was said.</summary>
    public Conversation Conversation { get; }

    /// <summary>How the last answer went, and all of them together.</summary>
    public string Totals => _last is null
        ? "No answer yet."
        : string.Create(CultureInfo.InvariantCulture, $"last: {_last}\nall:  {_answers} answers, {_tokens} tokens; {Conversation.Turns.Count} messages are in the conversation");

    /// <summary>Talks until the person leaves.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        bool leaving = false;
        while (true)
        {
            (EditorOutcome outcome, string text) = await _editor.ReadAsync(cancellationToken);
            if (outcome == EditorOutcome.Ended || (outcome == EditorOutcome.Interrupted && leaving)) return ExitCodes.Success;
            leaving = outcome == EditorOutcome.Interrupted;
            if (leaving) Tell("Ctrl-C again leaves, and so does Ctrl-D.");
            else if (text.Length > 0 && !await HandleAsync(text, cancellationToken)) return ExitCodes.Success;
        }
    }

    /// <summary>Says something about the conversation; it is no part of it.</summary>
    public void Tell(string text)
    {
        foreach (string line in text.Split('\n')) _console.Tell(line);
    }

    /// <summary>Shows the models, or takes another one.</summary>
    public async Task ModelAsync(string id, CancellationToken cancellationToken)
    {
        IReadOnlyList<Model> models = await _client.Models.ListAsync(cancellationToken);
        if (id.Length == 0)
        {
            foreach (Model model in models) Tell($"{(model.Id.Equals(Model, StringComparison.OrdinalIgnoreCase) ? "*" : " ")} {model.Id}");
            return;
        }

        if (models.Count > 0 && !models.Any(model => model.Id.Equals(id, StringComparison.OrdinalIgnoreCase)))
        {
            throw new UsageException($"the server has no model '{id}'; /model lists what it has.");
        }

        Model = id;
        Tell($"{id} answers from now on.");
    }

    /// <summary>Asks the last question again.</summary>
    public async Task RetryAsync(CancellationToken cancellationToken)
    {
        string question = Conversation.LastQuestion ?? throw new UsageException("there is no question to ask again.");
        if (Conversation.Turns is [.., { Role: "assistant" }]) Conversation.Undo();
        await AskAsync(question, cancellationToken);
    }

    /// <summary>The conversation for a file.</summary>
    public SavedChat ToSaved() => new() { Model = Model, Parameters = (JsonObject)Parameters.DeepClone(), Messages = Conversation.Messages };

    /// <summary>Goes on with a conversation of a file. The model stays: the file's may be another server's.</summary>
    public void Load(SavedChat saved)
    {
        Conversation.Load(saved.Messages!);
        Parameters = saved.Parameters ?? [];
    }

    private async Task<bool> HandleAsync(string text, CancellationToken cancellationToken)
    {
        try
        {
            if (SlashCommands.IsCommand(text)) return await SlashCommands.RunAsync(this, text, cancellationToken);
            await AskAsync(text.StartsWith("//", StringComparison.Ordinal) ? text[1..] : text, cancellationToken);
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            // The conversation goes on: the server may be back, the parameter set right.
            _console.Fail(Failures.Describe(exception));
        }

        return true;
    }

    private async Task AskAsync(string question, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Conversation.Ask(question);
        var answer = new ChatAnswer(_console, _time);
        try
        {
            using (_onInterrupt(stop.Cancel))
            {
                var request = new ChatRequest { Model = Model, Messages = Conversation.Messages, Extra = (JsonObject)Parameters.DeepClone() };
                await answer.ShowAsync(AnswerPiece.OfAsync(_client.ChatCompletion.CreateStreaming(request, stop.Token), stop.Token));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C: what came of the answer stays, in the conversation too.
        }
        finally
        {
            Conversation.Answer(answer.Text);
            if (answer.Statistics.Tokens > 0) (_last, _answers, _tokens) = (answer.Statistics, _answers + 1, _tokens + answer.Statistics.Tokens);
        }

        _console.Note(answer.Statistics.ToString());
        _console.Note("");
    }
}
