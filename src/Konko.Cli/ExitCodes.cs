namespace Konko.Cli;

/// <summary>What the process ends with. A signal's second arrival ends with 128 and its number, as shells report it.</summary>
internal static class ExitCodes
{
    /// <summary>All went well; a server drained and stopped.</summary>
    public const int Success = 0;

    /// <summary>It could not be done: a port in use, a model that cannot be loaded.</summary>
    public const int Failure = 1;

    /// <summary>It was asked for in a wrong way: an unknown flag, a wrong setting.</summary>
    public const int Usage = 2;
}
