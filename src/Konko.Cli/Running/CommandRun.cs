using System.CommandLine;
using Konko.Cli.Terminal;

namespace Konko.Cli.Running;

/// <summary>Runs a command's work: signals cancel it, failures become a line and an exit code.</summary>
internal static class CommandRun
{
    /// <summary>Makes a command do its work on the process's own console.</summary>
    /// <param name="command">The command.</param>
    /// <param name="work">The work, given what was typed; it returns the exit code.</param>
    public static void SetWork(this Command command, Func<ParseResult, CliConsole, CancellationToken, Task<int>> work) => command.SetAction((result, _) =>
    {
        CliConsole console = CliConsole.OfProcess();
        return RunAsync(console, stop => work(result, console, stop));
    });

    /// <summary>Runs the work until its end or until the first Ctrl-C; what it wrote so far stays.</summary>
    /// <param name="console">Where failures are told.</param>
    /// <param name="work">The work; it returns the exit code.</param>
    public static async Task<int> RunAsync(CliConsole console, Func<CancellationToken, Task<int>> work)
    {
        using var stop = new StopSignal();
        try
        {
            return await work(stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            console.EndLine();
            return stop.ExitCode;
        }
        catch (BrokenPipeException)
        {
            return ExitCodes.BrokenPipe;
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            console.EndLine();
            console.Fail(Failures.Describe(exception));
            return Failures.ExitCode(exception);
        }
        finally
        {
            console.Flush();
        }
    }
}
