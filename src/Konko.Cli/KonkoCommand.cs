using System.CommandLine;
using System.CommandLine.Parsing;
using Konko.Cli.Bench;
using Konko.Cli.Chat;
using Konko.Cli.Complete;
using Konko.Cli.Embed;
using Konko.Cli.Help;
using Konko.Cli.Models;
using Konko.Cli.ShellCompletion;
using Konko.Cli.Tokenize;

namespace Konko.Cli;

/// <summary>The command <c>konko</c> with everything below it.</summary>
internal static class KonkoCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Konko: a self-hosted server for language models that speaks OpenAI's API.")
        {
            ServeCommand.Create(),
            ChatCommand.Create(),
            CompleteCommand.Create(),
            EmbedCommand.Create(),
            TokenizeCommand.Create(),
            BenchCommand.Create(),
            QuantizeCommand.Create(),
            ModelsCommand.Create(),
            CompletionCommand.Create(),
            VersionCommand.Create(),
        };
        root.WithExamples(
            "konko serve                       # a server on this machine",
            "konko chat                        # talk with its model, or with the embedded one",
            "konko chat What is 2+2?           # one question",
            "konko complete \"Once upon a time\" -n 50");
        Examples.ShowIn(root);
        SuggestAction.ShowIn(root);
        return root;
    }

    /// <summary>How a command is typed, with those above it: <c>konko completion</c>.</summary>
    public static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : ((RootCommand)command.Command).HelpName ?? "konko";
}
