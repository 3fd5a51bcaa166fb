namespace Konko.Cli.Chat;

/// <summary>A command within a conversation.</summary>
/// <param name="Name">The name, with its slash.</param>
/// <param name="Arguments">What the help shows behind it.</param>
/// <param name="Description">A line for the help.</param>
/// <param name="RunAsync">Does it, with what was typed behind the name; tells whether the conversation goes on.</param>
internal sealed record SlashCommand(string Name, string Arguments, string Description, Func<ChatSession, string, CancellationToken, Task<bool>> RunAsync);
