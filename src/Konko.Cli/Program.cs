using System.CommandLine;
using System.CommandLine.Parsing;
using Konko.Cli;

RootCommand root = KonkoCommand.Create();
// A value that starts with @ is a value: keys and passwords may.
ParseResult result = root.Parse(args.Length == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (result.Errors.Count > 0)
{
    foreach (ParseError error in result.Errors) Console.Error.WriteLine($"konko: {string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
    Console.Error.WriteLine($"konko: '{KonkoCommand.PathOf(result.CommandResult)} --help' lists what there is.");
    return ExitCodes.Usage;
}

// Signals are the server's own: the first stops in peace, the second at once.
return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
