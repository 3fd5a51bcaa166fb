using Konko.Server.Models;

namespace Konko.Cli.Running;

/// <summary>What a failure is called in one line, and which exit code it has.</summary>
internal static class Failures
{
    /// <summary>Whether an exception is one that is told in a line; any other is a bug, and its trace is wanted.</summary>
    public static bool IsExpected(Exception exception) =>
        exception is KonkoException or UsageException or FailureException or ModelLoadException or IOException or UnauthorizedAccessException;

    /// <summary>One line: the field that is meant, the message, and the request's id, by which the server's log can be searched.</summary>
    public static string Describe(Exception exception)
    {
        if (exception is not KonkoException failure) return exception.Message;
        string field = failure.Param is { Length: > 0 } param && !failure.Message.Contains(param, StringComparison.Ordinal) ? param + ": " : "";
        string request = failure.RequestId is { Length: > 0 } id ? $" (request {id})" : "";
        return field + failure.Message + request;
    }

    /// <summary>The exit code.</summary>
    public static int ExitCode(Exception exception) => exception switch
    {
        UsageException => ExitCodes.Usage,
        FailureException failure => failure.ExitCode,
        KonkoApiException { Status: 401 or 403 or 429 } => ExitCodes.Denied,
        KonkoApiException { Status: >= 400 and < 500 } => ExitCodes.Usage,
        KonkoConnectionException or KonkoTimeoutException or KonkoStreamException { Failure: KonkoStreamFailure.Truncated } => ExitCodes.Unreachable,
        _ => ExitCodes.Failure,
    };
}
