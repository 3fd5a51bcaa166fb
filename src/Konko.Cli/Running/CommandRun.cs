using Konko.Cli.Terminal;

namespace Konko.Cli.Running;

/// <summary>Runs a command's work: signals cancel it, failures become a line and an exit code.</summary>
internal static class CommandRun
{
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
