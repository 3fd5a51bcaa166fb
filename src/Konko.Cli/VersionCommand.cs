using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Konko.Cli.Help;

namespace Konko.Cli;

/// <summary><c>konko version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Prints the version of Konko and of the runtime below it.");
        command.SetAction(result =>
        {
            string version = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            result.InvocationConfiguration.Output.WriteLine($"konko {version} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})");
            return ExitCodes.Success;
        });
        return command.WithExamples("konko version");
    }
}
