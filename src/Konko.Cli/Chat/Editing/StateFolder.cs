namespace Konko.Cli.Chat.Editing;

/// <summary>The user's folder for what programs remember.</summary>
internal static class StateFolder
{
    private const UnixFileMode UserOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Where the history of conversations is: what <c>KONKO_HISTORY</c> names, nowhere where that is <c>off</c>, else in the user's folder.</summary>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <returns>The path; null is nowhere.</returns>
    public static string? HistoryFile(Func<string, string?> environment)
    {
        if (environment("KONKO_HISTORY") is { Length: > 0 } named) return named == "off" ? null : Path.GetFullPath(named);
        return Folder(environment) is { } folder ? Path.Combine(folder, "konko", "chat-history") : null;
    }

    /// <summary>Makes a folder that the user alone may enter, if it is not there.</summary>
    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UserOnly);
    }

    private static string? Folder(Func<string, string?> environment)
    {
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()) return NonEmpty(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData));
        // A relative path there is to be ignored, says the specification of these folders.
        if (environment("XDG_STATE_HOME") is { } state && Path.IsPathRooted(state)) return state;
        return environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".local", "state") : null;
    }

    private static string? NonEmpty(string path) => path.Length == 0 ? null : path;
}
