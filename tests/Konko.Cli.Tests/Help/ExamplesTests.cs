using System.CommandLine;
using System.CommandLine.Parsing;
using Konko.Cli.Help;
using Konko.Cli.Tests.Support;

namespace Konko.Cli.Tests.Help;

public sealed class ExamplesTests
{
    [Fact]
    public void Of_EveryCommand_HasSome() => Assert.DoesNotContain(Commands(KonkoCommand.Create()), command => Examples.Of(command).Count == 0);

    [Fact]
    public void Of_EveryCommand_CanBeTyped()
    {
        RootCommand root = KonkoCommand.Create();
        string[] lines = [.. Commands(root).SelectMany(Examples.Of)];

        Assert.NotEmpty(lines);
        foreach (string line in lines)
        {
            // What stands around the command is the shell's.
            string command = line.Split(" #")[0].Split("| Out")[0].Split('>')[0].Split(" < ")[0].TrimEnd(' ', ')');
            int start = command.IndexOf("konko", StringComparison.Ordinal);
            Assert.True(start >= 0, line);
            ParseResult result = root.Parse([.. CommandLineParser.SplitCommandLine(command[start..].Replace('\'', '"')).Skip(1)]);
            Assert.True(result.Errors.Count == 0, $"{line}: {string.Join(' ', result.Errors.Select(error => error.Message))}");
            Assert.NotNull(result.Action);
        }
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("complete")]
    [InlineData("serve")]
    [InlineData("quantize")]
    [InlineData("completion")]
    public async Task Help_Command_EndsWithItsExamples(string command)
    {
        KonkoRun run = await KonkoRun.RunAsync(command, "--help");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches($"(?s)\nExamples:\n.*konko {command}.*$", run.Output);
    }

    private static IEnumerable<Command> Commands(Command command) => [command, .. command.Subcommands.SelectMany(Commands)];
}
