namespace Konko.House.Tests;

/// <summary>The clone that the tests were built in, and the files in it that belong to it.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = [".git", ".idea", ".vs", "artifacts", "bin", "obj", "TestResults"];

    /// <summary>The folder that holds <c>Konko.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every file of the repository, by its path relative to the root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. FilesUnder(new DirectoryInfo(Root)).Order(StringComparer.Ordinal)];

    /// <summary>The files with one of the endings, below one of the folders (all folders if none is given).</summary>
    public static IEnumerable<string> Find(string ending, params string[] folders) =>
        Files.Where(file => file.EndsWith(ending, StringComparison.Ordinal)
            && (folders.Length == 0 || folders.Any(folder => file.StartsWith(folder + "/", StringComparison.Ordinal))));

    /// <summary>The full path of a file of the repository.</summary>
    public static string FullPath(string relative) => Path.Combine(Root, relative);

    /// <summary>The text of a file of the repository.</summary>
    public static string Read(string relative) => File.ReadAllText(FullPath(relative));

    private static IEnumerable<string> FilesUnder(DirectoryInfo folder)
    {
        foreach (FileInfo file in folder.EnumerateFiles().Where(file => !NotOurs.Contains(file.Name)))
            yield return Path.GetRelativePath(Root, file.FullName).Replace('\\', '/');
        foreach (DirectoryInfo inner in folder.EnumerateDirectories().Where(inner => !NotOurs.Contains(inner.Name)))
        {
            foreach (string file in FilesUnder(inner)) yield return file;
        }
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Konko.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException($"No Konko.slnx above {AppContext.BaseDirectory}.");
    }
}
