using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace Konko.Cli.Help;

/// <summary>Examples at the end of a command's help.</summary>
internal static class Examples
{
    private static readonly ConditionalWeakTable<Command, string[]> s_examples = [];

    /// <summary>Gives a command its examples: lines to be typed, with what they do behind a <c>#</c>.</summary>
    public static Command WithExamples(this Command command, params string[] lines)
    {
        s_examples.AddOrUpdate(command, lines);
        return command;
    }

    /// <summary>The examples of a command.</summary>
    public static IReadOnlyList<string> Of(Command command) => s_examples.TryGetValue(command, out string[]? lines) ? lines : [];

    /// <summary>Lets the help of the root and of all commands below it show examples.</summary>
    public static void ShowIn(RootCommand root)
    {
        foreach (HelpOption option in root.Options.OfType<HelpOption>()) option.Action = new HelpWithExamples((HelpAction)option.Action!);
    }

    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        // Whoever asks for help has not typed all arguments.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int exitCode = help.Invoke(parseResult);
            IReadOnlyList<string> lines = Of(parseResult.CommandResult.Command);
            if (lines.Count == 0) return exitCode;
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string line in lines) output.WriteLine("  " + line);
            output.WriteLine();
            return exitCode;
        }
    }
}
