using Konko.Server.Configuration;
using Microsoft.Extensions.Logging;

namespace Konko.Server.Storage;

/// <summary>The server's folder for what outlives it, held by one server at a time and readable by its user only.</summary>
internal sealed partial class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream? _lock;

    /// <summary>Makes the folder where it is not there, and takes hold of it.</summary>
    /// <param name="options">Names the folder, or none.</param>
    /// <param name="logger">Learns why nothing can be kept.</param>
    public DataFolder(KonkoOptions options, ILogger<DataFolder> logger)
    {
        if (string.IsNullOrEmpty(options.DataDirectory)) return;
        string path = System.IO.Path.GetFullPath(options.DataDirectory);
        try
        {
            Create(path);
            // Gone with the process, however that ends.
            _lock = new FileStream(System.IO.Path.Combine(path, "lock"), Private(FileMode.OpenOrCreate, FileShare.None));
            Path = path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogUnusable(logger, path, exception.Message);
        }
    }

    /// <summary>Where it is; null where nothing is to be kept, or where another server has it.</summary>
    public string? Path { get; }

    /// <summary>A folder in it, made where it is not there; null where nothing is kept.</summary>
    /// <param name="name">The folder's name.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public string? Folder(string name)
    {
        if (Path is null) return null;
        string folder = System.IO.Path.Combine(Path, name);
        Create(folder);
        return folder;
    }

    /// <summary>How a file is opened that only the server's user may read.</summary>
    /// <param name="mode">Whether it must be there.</param>
    /// <param name="share">Who else may have it open.</param>
    public static FileStreamOptions Private(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock?.Dispose();

    private static void Create(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nothing is kept in {Path}, streams end with this process: {Reason}")]
    private static partial void LogUnusable(ILogger logger, string path, string reason);
}
