using System.CommandLine;
using Konko.Cli;

var root = new RootCommand("Konko: a self-hosted server for language models that speaks OpenAI's API.")
{
    ServeCommand.Create(),
    VersionCommand.Create(),
};
// Signals are the server's own: the first stops in peace, the second at once.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
