using System.CommandLine;
using Konko.Cli.Bench;
using Konko.Cli.Chat;
using Konko.Cli.Complete;
using Konko.Cli.Embed;
using Konko.Cli.Help;
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
            CompletionCommand.Create(),
            VersionCommand.Create(),
        };
        Examples.ShowIn(root);
        return root;
    }
}
