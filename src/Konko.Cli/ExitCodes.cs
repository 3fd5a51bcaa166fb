namespace Konko.Cli;

/// <summary>What the process ends with. A signal ends it with 128 and the signal's number, as shells report it: 130 after Ctrl-C, 143 after SIGTERM.</summary>
internal static class ExitCodes
{
    /// <summary>All went well; a server drained and stopped.</summary>
    public const int Success = 0;

    /// <summary>It could not be done: a port in use, a model that cannot be loaded, a server that failed.</summary>
    public const int Failure = 1;

    /// <summary>It was asked for in a wrong way: an unknown flag, a wrong setting, a parameter that the server refuses, a model that it has not.</summary>
    public const int Usage = 2;

    /// <summary>The server was not reached, or the connection broke or fell silent within the answer.</summary>
    public const int Unreachable = 3;

    /// <summary>The server does not let this caller: a wrong key, a right that is missing, a limit or a budget that is spent.</summary>
    public const int Denied = 4;

    /// <summary>Whoever reads the output went away: 128 and SIGPIPE's number.</summary>
    public const int BrokenPipe = 141;
}
