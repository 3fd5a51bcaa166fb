using System.Buffers;
using System.Text;
using System.Text.Json;
using Konko.Server.Storage;

namespace Konko.Server.Streams;

/// <summary>A stream's file: a line with the record, then one for each choice that has ended.</summary>
/// <remarks>
/// It is written before what it tells of is sent, so that nothing was seen that is not there after the process was
/// killed. It is not flushed to the disk: that would matter only to a machine that lost its power.
/// </remarks>
internal sealed class StreamFile
{
    private const string Ending = ".stream";

    // Notes are short; the last one stands well within this.
    private const int TailBytes = 4096;

    private readonly string _path;

    private StreamFile(string path, long length) => (_path, Bytes) = (path, length);

    /// <summary>Its length.</summary>
    public long Bytes { get; private set; }

    /// <summary>The stream's id.</summary>
    public string Id => Path.GetFileNameWithoutExtension(_path);

    /// <summary>Writes a new stream's file.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="record">The stream.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static StreamFile Create(string folder, StreamRecord record)
    {
        string path = Path.Combine(folder, record.Id + Ending);
        byte[] line = Line(JsonSerializer.SerializeToUtf8Bytes(record, StreamsJsonContext.Default.StreamRecord));
        try
        {
            using var file = new FileStream(path, DataFolder.Private(FileMode.CreateNew, FileShare.Read));
            file.Write(line);
        }
        catch (Exception)
        {
            // Half a record is none.
            File.Delete(path);
            throw;
        }

        return new StreamFile(path, line.Length);
    }

    /// <summary>The files of a folder.</summary>
    /// <param name="folder">The folder.</param>
    public static IEnumerable<StreamFile> All(string folder)
        => Directory.EnumerateFiles(folder, "*" + Ending).Where(path => Guid.TryParseExact(Path.GetFileNameWithoutExtension(path), "D", out _))
            .Select(path => new StreamFile(path, new FileInfo(path).Length));

    /// <summary>Adds a note.</summary>
    /// <param name="note">The note.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Append(StreamNote note)
    {
        byte[] line = Line(JsonSerializer.SerializeToUtf8Bytes(note, StreamsJsonContext.Default.StreamNote));
        using (var file = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.Read))
        {
            file.Seek(0, SeekOrigin.End);
            file.Write(line);
        }

        Bytes += line.Length;
    }

    /// <summary>Reads it whole.</summary>
    /// <returns>The record, null where the file does not hold one; and the notes.</returns>
    public (StreamRecord? Record, List<StreamNote> Notes) Read()
    {
        var notes = new List<StreamNote>();
        try
        {
            // A process that was killed may have left half a line at the end.
            string[] lines = File.ReadAllText(_path, Encoding.UTF8).Split('\n')[..^1];
            if (lines.Length == 0 || JsonSerializer.Deserialize(lines[0], StreamsJsonContext.Default.StreamRecord) is not { } record || record.Id != Id) return (null, notes);
            foreach (string line in lines[1..])
                if (JsonSerializer.Deserialize(line, StreamsJsonContext.Default.StreamNote) is { Stats: not null } note) notes.Add(note);
            return (record, notes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return (null, notes);
        }
    }

    /// <summary>When the stream ended; null where it had not. Reads no more than the last note.</summary>
    public DateTimeOffset? ReadEnd()
    {
        try
        {
            using FileStream file = File.OpenRead(_path);
            file.Seek(-Math.Min(TailBytes, file.Length), SeekOrigin.End);
            var tail = new byte[Math.Min(TailBytes, file.Length)];
            file.ReadExactly(tail);
            int end = tail.AsSpan().LastIndexOf((byte)'\n');
            int start = end < 0 ? -1 : tail.AsSpan(0, end).LastIndexOf((byte)'\n') + 1;
            if (start <= 0) return null;
            StreamNote? note = JsonSerializer.Deserialize(tail.AsSpan(start, end - start), StreamsJsonContext.Default.StreamNote);
            return note?.Ended is long ended ? DateTimeOffset.FromUnixTimeMilliseconds(ended) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Deletes it.</summary>
    public void Delete()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It goes when a server starts again and finds it expired.
        }
    }

    private static byte[] Line(byte[] json)
    {
        var line = new ArrayBufferWriter<byte>(json.Length + 1);
        line.Write(json);
        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }
}
