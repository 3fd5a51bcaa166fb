using System.Globalization;

namespace Konko.Engine.Gguf.Quantization;

/// <summary>A file that appears whole or not at all: written under another name beside it, flushed to the disk, renamed.</summary>
internal sealed class WholeFile : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly string _path;
    private readonly string _temporary;
    private readonly bool _overwrite;
    private readonly FileStream _stream;
    private bool _committed;

    private WholeFile(string path, string temporary, bool overwrite, FileStream stream)
    {
        _path = path;
        _temporary = temporary;
        _overwrite = overwrite;
        _stream = stream;
    }

    /// <summary>Starts a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="sources">Files that it may not replace.</param>
    /// <param name="overwrite">Whether it may replace another GGUF file.</param>
    /// <param name="bytes">About how large it becomes.</param>
    /// <param name="freeSpace">Tells the free bytes where a folder lies, or null where that is unknown; by default asks the system.</param>
    /// <exception cref="QuantizationException">It may not or cannot be written there.</exception>
    public static WholeFile Create(string path, IReadOnlyList<string> sources, bool overwrite, long bytes, Func<string, long?>? freeSpace = null)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? throw new QuantizationException($"{path}: it is no file.");
        if (Directory.Exists(full)) throw new QuantizationException($"{path}: it is a folder; name the file to write.");
        if (!Directory.Exists(folder)) throw new QuantizationException($"{path}: the folder does not exist.");
        if (sources.Any(source => FilePlace.AreSame(source, full))) throw new QuantizationException($"{path}: it is the file that is read; write to another.");
        if (Path.Exists(full)) CheckReplaceable(path, overwrite);
        if ((freeSpace ?? FilePlace.FreeBytes)(folder) is long free && free < bytes)
        {
            throw new QuantizationException($"{path}: about {Mebibytes(bytes)} are needed and {Mebibytes(free)} are free.");
        }

        string temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.part");
        try
        {
            return new WholeFile(full, temporary, overwrite, new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new QuantizationException($"{path}: it cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Writes the content.</summary>
    /// <param name="write">Writes to the stream it is given.</param>
    /// <exception cref="QuantizationException">The disk refused it.</exception>
    public void Write(Action<Stream> write)
    {
        try
        {
            write(_stream);
        }
        catch (IOException e)
        {
            throw Failed(e);
        }
    }

    /// <summary>Puts the file in its place.</summary>
    /// <returns>Its size in bytes.</returns>
    /// <exception cref="QuantizationException">The disk refused it, or somebody else made a file of that name meanwhile.</exception>
    public long Commit()
    {
        try
        {
            _stream.Flush(flushToDisk: true);
            long bytes = _stream.Length;
            _stream.Dispose();
            File.Move(_temporary, _path, _overwrite);
            _committed = true;
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    /// <summary>Removes what was written, unless it is in its place.</summary>
    public void Dispose()
    {
        if (_committed) return;
        try
        {
            _stream.Dispose();
        }
        catch (IOException)
        {
            // What did not fit on the disk is flushed once more; it is thrown away anyway.
        }

        File.Delete(_temporary);
    }

    private QuantizationException Failed(Exception e) => new($"{_path}: writing failed: {e.Message}", e);

    // Also keeps a slip of the hand from replacing a document, and root from replacing a device.
    private static void CheckReplaceable(string path, bool overwrite)
    {
        if (!overwrite) throw new QuantizationException($"{path}: it exists already; --force replaces it.");
        if (!FilePlace.IsGguf(path)) throw new QuantizationException($"{path}: it exists and is no GGUF file; not even --force replaces that.");
    }

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:N0} MiB");
}
