namespace Konko.Cli.Running;

/// <summary>Something could not be done, for a reason that the message tells.</summary>
internal sealed class FailureException(string message, int exitCode = ExitCodes.Failure) : Exception(message)
{
    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; } = exitCode;
}
