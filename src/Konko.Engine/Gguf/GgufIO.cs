using Microsoft.Win32.SafeHandles;

namespace Konko.Engine.Gguf;

/// <summary>File access whose failures are all <see cref="GgufException"/>. Safe for several threads on one handle.</summary>
internal static class GgufIO
{
    /// <summary>Opens a file for reading and tells its size.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Its size in bytes.</param>
    /// <exception cref="GgufException">It cannot be opened, or is not a plain file.</exception>
    public static SafeFileHandle Open(string path, out long length)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path);
            length = RandomAccess.GetLength(handle);
            return handle;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            handle?.Dispose();
            throw new GgufException($"{Path.GetFileName(path)}: the file cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Fills a span from an offset of the file.</summary>
    /// <param name="handle">The file.</param>
    /// <param name="destination">What to fill.</param>
    /// <param name="offset">Offset in the file.</param>
    /// <param name="name">The file's name for messages.</param>
    /// <param name="subject">What is read, for messages.</param>
    /// <exception cref="GgufException">The file is shorter than it was when it was opened, or reading failed.</exception>
    public static void ReadExactly(SafeFileHandle handle, Span<byte> destination, long offset, string name, string subject)
    {
        try
        {
            while (destination.Length > 0)
            {
                int count = RandomAccess.Read(handle, destination, offset);
                if (count == 0) throw new GgufException($"{name}: {subject}: the file was cut while it was being read (at byte {offset}).");
                destination = destination[count..];
                offset += count;
            }
        }
        catch (IOException e)
        {
            throw new GgufException($"{name}: {subject}: reading failed: {e.Message} (at byte {offset}).", e);
        }
    }
}
