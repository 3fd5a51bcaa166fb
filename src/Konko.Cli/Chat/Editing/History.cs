using System.Text;
using System.Text.Json;

namespace Konko.Cli.Chat.Editing;

/// <summary>
/// What was typed in conversations, kept in a file that the user alone may read: a line an entry, as a string of JSON, for
/// entries may have several lines. A file that cannot be read or written is no reason not to talk.
/// </summary>
internal sealed class History
{
    private const int MostEntries = 1000;
    private const int MostBytes = 4 << 20;
    private const int MostCharacters = 64 << 10;
    private const UnixFileMode UserOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly List<string> _entries;
    private readonly string? _path;

    private History(List<string> entries, string? path) => (_entries, _path) = (entries, path);

    /// <summary>The entries, oldest first.</summary>
    public IReadOnlyList<string> Entries => _entries;

    /// <summary>A history that is kept nowhere.</summary>
    public static History InMemory() => new([], null);

    /// <summary>The history of a file, which need not exist.</summary>
    public static History Open(string path)
    {
        var history = new History(Read(path), path);
        // Grown beyond its measure: written anew, with the newest ones.
        if (history._entries.Count > MostEntries)
        {
            history._entries.RemoveRange(0, history._entries.Count - MostEntries / 2);
            history.Write(FileMode.Create, history._entries);
        }

        return history;
    }

    /// <summary>Adds an entry, unless it begins with a space or is the last one again.</summary>
    public void Add(string entry)
    {
        if (string.IsNullOrWhiteSpace(entry) || entry[0] == ' ' || entry.Length > MostCharacters) return;
        if (_entries is [.., var last] && last == entry) return;
        _entries.Add(entry);
        Write(FileMode.Append, [entry]);
    }

    private static List<string> Read(string path)
    {
        var entries = new List<string>();
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) return entries;
            using FileStream stream = file.OpenRead();
            if (stream.Length > MostBytes) stream.Seek(-MostBytes, SeekOrigin.End);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            while (reader.ReadLine() is { } line)
            {
                if (Entry(line) is { } entry) entries.Add(entry);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Then there is none.
        }

        return entries;
    }

    private static string? Entry(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonSerializer.Deserialize(line, CliJson.Default.String);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Write(FileMode mode, IEnumerable<string> entries)
    {
        if (_path is null) return;
        try
        {
            StateFolder.Create(Path.GetDirectoryName(_path)!);
            var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UserOnly;
            using var stream = new FileStream(_path, options);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(stream.SafeFileHandle, UserOnly);
            foreach (string entry in entries) stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, CliJson.Plain.String) + "\n"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It stays in memory.
        }
    }
}
