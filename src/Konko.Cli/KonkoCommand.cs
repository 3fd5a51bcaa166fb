using System.CommandLine;
using Konko.Cli.Bench;
using Konko.Cli.Help;
using Konko.Cli.Models;

namespace Konko.Cli;

/// <summary>The command <c>konko</c> with everything below it.</summary>
internal static class KonkoCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Konko: a self-hosted server for language models that speaks OpenAI's API.")
        {
            ServeCommand.Create(),
            BenchCommand.Create(),
            QuantizeCommand.Create(),
            ModelsCommand.Create(),
            VersionCommand.Create(),
        };
        Examples.ShowIn(root);
        return root;
    }
}
