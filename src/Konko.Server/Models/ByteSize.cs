using System.Globalization;

namespace Konko.Server.Models;

/// <summary>Numbers of bytes for people.</summary>
internal static class ByteSize
{
    /// <summary>MiB below one GiB, GiB from there; sizes are rounded, so a limit and what passes it may look alike: say <see cref="Exact"/> there.</summary>
    public static string Text(long bytes)
        => string.Create(CultureInfo.InvariantCulture, $"{(bytes < 1L << 30 ? bytes / (double)(1 << 20) : bytes / (double)(1L << 30)):0.##} {(bytes < 1L << 30 ? "MiB" : "GiB")}");

    /// <summary>Rounded, and to the byte.</summary>
    public static string Exact(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{Text(bytes)} ({bytes} bytes)");
}
