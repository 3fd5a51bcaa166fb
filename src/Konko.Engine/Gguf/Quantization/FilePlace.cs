using System.Buffers.Binary;

namespace Konko.Engine.Gguf.Quantization;

/// <summary>Questions about where files lie.</summary>
internal static class FilePlace
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    /// <summary>Whether two paths lead to one file, by whatever links.</summary>
    /// <param name="one">A path.</param>
    /// <param name="other">Another.</param>
    public static bool AreSame(string one, string other)
        => string.Equals(Resolve(one), Resolve(other), OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    /// <summary>The free bytes where a folder lies, or null where the system does not tell.</summary>
    /// <param name="folder">A folder that exists.</param>
    public static long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether a file begins as GGUF files do.</summary>
    /// <param name="path">The file.</param>
    public static bool IsGguf(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            Span<byte> start = stackalloc byte[sizeof(uint)];
            return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
                && BinaryPrimitives.ReadUInt32LittleEndian(start) == GgufFormat.Magic;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Folder by folder from the root: any of them may be a link.
    private static string Resolve(string path)
    {
        string full = Path.GetFullPath(path);
        for (int links = 0; links < MostLinks; links++)
        {
            if (FirstLink(full) is not (string link, string target)) return full;
            full = Path.GetFullPath(Path.Join(target, full[link.Length..]));
        }

        return full;
    }

    private static (string Link, string Target)? FirstLink(string full)
    {
        for (int end = Path.GetPathRoot(full)!.Length; end < full.Length; end++)
        {
            int next = full.IndexOf(Path.DirectorySeparatorChar, end);
            end = next < 0 ? full.Length : next;
            string prefix = full[..end];
            if (new FileInfo(prefix).LinkTarget is string target) return (prefix, Path.GetFullPath(target, Path.GetDirectoryName(prefix)!));
        }

        return null;
    }
}
