using System.Text.Json.Nodes;
using Konko.Cli.Parameters;
using Konko.Cli.Running;

namespace Konko.Cli.Chat;

/// <summary>The commands within a conversation, and how they are found.</summary>
internal static class SlashCommands
{
    private const string None = "none";

    /// <summary>The commands in the order of the help.</summary>
    public static IReadOnlyList<SlashCommand> All { get; } =
    [
        new("/help", "", "What can be typed.", (session, _, _) => Go(() => Help(session))),
        new("/system", "[TEXT]", "Shows what the system says, or says something else; none says nothing.", (session, text, _) => Go(() => System(session, text))),
        new("/model", "[ID]", "Shows the server's models, or asks another one from now on.", async (session, id, token) =>
        {
            await session.ModelAsync(id, token);
            return true;
        }),
        new("/set", "[NAME [VALUE]]", "Shows parameters, sets one (temperature, max_tokens, seed, …), or takes one back.", (session, text, _) => Go(() => Set(session, text))),
        new("/retry", "", "Asks the last question again, for another answer.", async (session, _, token) =>
        {
            await session.RetryAsync(token);
            return true;
        }),
        new("/undo", "", "Takes the last question and its answer back.", (session, _, _) => Go(() => Undo(session))),
        new("/clear", "", "Forgets the conversation; what the system says stays.", (session, _, _) => Go(() => Clear(session))),
        new("/stats", "", "How the last answer went, and all of them.", (session, _, _) => Go(() => session.Tell(session.Totals))),
        new("/save", "FILE", "Writes the conversation to a file.", (session, path, _) => Go(() => Save(session, path))),
        new("/load", "FILE", "Goes on with a conversation from a file.", (session, path, _) => Go(() => Load(session, path))),
        new("/quit", "", "Leaves. So does Ctrl-D.", (_, _, _) => Task.FromResult(false)),
    ];

    /// <summary>Whether a text is a command; one that begins with two slashes is a question that begins with one.</summary>
    public static bool IsCommand(string text) => text is ['/', not '/', ..] || text == "/";

    /// <summary>Does what a text says.</summary>
    /// <param name="session">The conversation.</param>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether the conversation goes on.</returns>
    /// <exception cref="UsageException">There is no such command, or its argument is wrong.</exception>
    public static Task<bool> RunAsync(ChatSession session, string text, CancellationToken cancellationToken)
    {
        string name = text.Split((char[]?)null, 2)[0];
        // "/exit" and "/bye" are what other programs call it.
        SlashCommand command = (name is "/exit" or "/bye" or "/q" ? All[^1] : All.FirstOrDefault(command => command.Name == name))
            ?? throw new UsageException($"{name} is no command; /help lists them. A question may begin with two slashes.");
        return command.RunAsync(session, text[name.Length..].Trim(), cancellationToken);
    }

    /// <summary>What a beginning may become.</summary>
    public static IReadOnlyList<string> Complete(string text)
    {
        const string SetCommand = "/set ";
        if (text.StartsWith(SetCommand, StringComparison.Ordinal))
        {
            return [.. Settable.Select(parameter => SetCommand + parameter.Name + " ").Where(line => line.StartsWith(text, StringComparison.Ordinal))];
        }

        return IsCommand(text) ? [.. All.Select(command => command.Arguments.Length > 0 ? command.Name + " " : command.Name).Where(name => name.StartsWith(text, StringComparison.Ordinal))] : [];
    }

    private static IEnumerable<RequestParameter> Settable => RequestParameters.All.Where(parameter => parameter.Scope.HasFlag(ParameterScope.Chat));

    private static Task<bool> Go(Action action)
    {
        action();
        return Task.FromResult(true);
    }

    private static void Help(ChatSession session)
    {
        int width = All.Max(command => command.Name.Length + command.Arguments.Length + 1);
        foreach (SlashCommand command in All) session.Tell($"  {$"{command.Name} {command.Arguments}".PadRight(width)}  {command.Description}");
        session.Tell("");
        session.Tell(""""
              Several lines: end one with \, or put """ before the first and behind the last one.
              Alt-Enter begins a new line too, and pasted lines stay together.
              Ctrl-C stops an answer; what came of it stays. Tab completes commands, arrows find what was typed before.
            """");
    }

    private static void System(ChatSession session, string text)
    {
        if (text.Length > 0) session.Conversation.System = text == None ? null : text;
        session.Tell(session.Conversation.System is { } system ? "The system says: " + system : "The system says nothing.");
    }

    private static void Set(ChatSession session, string text)
    {
        if (text.Length == 0)
        {
            foreach (RequestParameter parameter in Settable) session.Tell($"  {parameter.Name,-18} {Shown(session.Parameters[parameter.Name]),-8}  {parameter.Description}");
            foreach ((string name, JsonNode? value) in session.Parameters.Where(field => Settable.All(parameter => parameter.Name != field.Key))) session.Tell($"  {name,-18} {Shown(value)}");
            return;
        }

        string[] parts = text.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        RequestParameter found = RequestParameters.Find(parts[0], ParameterScope.Chat)
            ?? throw new UsageException($"{parts[0]} is no parameter; /set lists them.");
        if (parts.Length == 1)
        {
            session.Parameters.Remove(found.Name);
            session.Tell($"{found.Name} is the server's own again.");
            return;
        }

        session.Parameters[found.Name] = found.Parse([parts[1]], found.Name);
        session.Tell($"{found.Name} is {Shown(session.Parameters[found.Name])} from now on.");
    }

    private static string Shown(JsonNode? value) => value?.ToJsonString(CliJson.Plain.Options) ?? "-";

    private static void Undo(ChatSession session)
    {
        string question = session.Conversation.Undo() ?? throw new UsageException("there is nothing to take back.");
        session.Tell("Taken back: " + question);
    }

    private static void Clear(ChatSession session)
    {
        session.Conversation.Clear();
        session.Tell("A new conversation.");
    }

    private static void Save(ChatSession session, string path)
    {
        if (path.Length == 0) throw new UsageException("/save needs the name of a file.");
        SavedChatFile.Write(path, session.ToSaved());
        session.Tell($"Saved in {Path.GetFullPath(path)}.");
    }

    private static void Load(ChatSession session, string path)
    {
        if (path.Length == 0) throw new UsageException("/load needs the name of a file.");
        session.Load(SavedChatFile.Read(path));
        session.Tell($"{session.Conversation.Turns.Count} messages from {Path.GetFullPath(path)}.");
    }
}
