namespace Konko.Cli;

/// <summary>Where this user's data lie.</summary>
internal static class UserFolder
{
    /// <summary>The folder; empty where the user has none, as in many containers: then nothing is kept.</summary>
    public static string Path { get; } = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } folder
        ? System.IO.Path.Combine(folder, "konko")
        : "";
}
