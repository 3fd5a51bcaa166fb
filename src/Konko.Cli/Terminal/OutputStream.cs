using Microsoft.Win32.SafeHandles;

namespace Konko.Cli.Terminal;

/// <summary>The process's standard output.</summary>
internal static class OutputStream
{
    private const int Descriptor = 1;

    /// <summary>
    /// The stream. The console's own swallows the error of a pipe that nobody reads, and a model would go on writing for nobody;
    /// a bare one tells it. Files keep the console's, which leaves their position where the next program goes on.
    /// </summary>
    public static Stream Open()
    {
        if (!OperatingSystem.IsWindows() && Console.IsOutputRedirected)
        {
            var pipe = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!pipe.CanSeek) return pipe;
        }

        return Console.OpenStandardOutput();
    }
}
