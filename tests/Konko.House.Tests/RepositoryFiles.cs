namespace Konko.House.Tests;

/// <summary>The files of the clone that belong to it, rather than to a build or a tool.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] NotOurs = [".git", ".idea", ".vs", "artifacts", "bin", "node_modules", "obj", "TestResults"];

    /// <summary>Every file of the repository, by its path relative to the root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. FilesUnder(new DirectoryInfo(Repository.Root)).Order(StringComparer.Ordinal)];

    /// <summary>The files with one of the endings, below one of the folders (all folders if none is given).</summary>
    public static IEnumerable<string> Find(string ending, params string[] folders) =>
        Files.Where(file => file.EndsWith(ending, StringComparison.Ordinal)
            && (folders.Length == 0 || folders.Any(folder => file.StartsWith(folder + "/", StringComparison.Ordinal))));

    /// <summary>The full path of a file of the repository.</summary>
    public static string FullPath(string relative) => Path.Combine(Repository.Root, relative);

    /// <summary>The text of a file of the repository.</summary>
    public static string Read(string relative) => File.ReadAllText(FullPath(relative));

    private static IEnumerable<string> FilesUnder(DirectoryInfo folder)
    {
        foreach (FileInfo file in folder.EnumerateFiles().Where(file => !NotOurs.Contains(file.Name)))
            yield return Path.GetRelativePath(Repository.Root, file.FullName).Replace('\\', '/');
        foreach (DirectoryInfo inner in folder.EnumerateDirectories().Where(inner => !NotOurs.Contains(inner.Name)))
        {
            foreach (string file in FilesUnder(inner)) yield return file;
        }
    }
}
