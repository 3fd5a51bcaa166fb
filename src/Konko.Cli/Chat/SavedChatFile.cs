using System.Text.Json;
using Konko.Cli.Running;

namespace Konko.Cli.Chat;

/// <summary>Reads and writes conversations as files.</summary>
internal static class SavedChatFile
{
    private const int MostBytes = 16 << 20;

    /// <summary>Reads one.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SavedChat Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        if (stream.Length > MostBytes) throw new UsageException($"{path} is larger than {MostBytes >> 20} MiB.");
        try
        {
            SavedChat? saved = JsonSerializer.Deserialize(stream, CliJson.Default.SavedChat);
            return saved is { Format: SavedChat.FormatName, Messages: { } messages } && messages.All(message => message?.Role is { Length: > 0 })
                ? saved
                : throw new UsageException($"{path} is no conversation that /save wrote.");
        }
        catch (JsonException)
        {
            throw new UsageException($"{path} is no conversation that /save wrote.");
        }
    }

    /// <summary>Writes one, whole or not at all, for the user alone; no other file is written over.</summary>
    /// <exception cref="UsageException">There is another file.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, SavedChat chat)
    {
        if (File.Exists(path)) Read(path);
        string part = path + ".part";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(part, options))
        {
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(chat with { Format = SavedChat.FormatName }, CliJson.Pretty.SavedChat));
        }

        File.Move(part, path, overwrite: true);
    }
}
