using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Konko.Cli.Terminal;

/// <summary>Windows' console understands control sequences when it is told to.</summary>
internal static partial class WindowsTerminal
{
    private const int StandardOutput = -11;
    private const uint VirtualTerminal = 4;

    /// <summary>Tells it.</summary>
    /// <returns>Whether it does.</returns>
    [SupportedOSPlatform("windows")]
    public static bool TryEnable()
    {
        nint output = GetStdHandle(StandardOutput);
        return GetConsoleMode(output, out uint mode) && ((mode & VirtualTerminal) != 0 || SetConsoleMode(output, mode | VirtualTerminal));
    }

    [LibraryImport("kernel32.dll")]
    private static partial nint GetStdHandle(int handle);

    [LibraryImport("kernel32.dll")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetConsoleMode(nint handle, out uint mode);

    [LibraryImport("kernel32.dll")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetConsoleMode(nint handle, uint mode);
}
