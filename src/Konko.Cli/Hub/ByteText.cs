using System.Globalization;

namespace Konko.Cli.Hub;

/// <summary>Numbers of bytes for people.</summary>
internal static class ByteText
{
    /// <summary>Such as <c>93.8 MiB</c>.</summary>
    public static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{Number(bytes, bytes)} {Unit(bytes)}");

    /// <summary>A part of a whole in the whole's unit, such as <c>12.0 / 93.8 MiB</c>.</summary>
    public static string Of(long part, long whole) => $"{Number(part, whole)} / {Size(whole)}";

    private static string Unit(long bytes) => bytes >= 1L << 30 ? "GiB" : bytes >= 1 << 20 ? "MiB" : "KiB";

    private static string Number(long bytes, long scale) =>
        (bytes / (double)(scale >= 1L << 30 ? 1L << 30 : scale >= 1 << 20 ? 1 << 20 : 1 << 10)).ToString(scale >= 1L << 30 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
