namespace Konko.House.Tests.Docs;

/// <summary>Every command line that the pages show: the programs exist, and their flags too.</summary>
public sealed class CommandTests
{
    private static readonly IReadOnlyList<(string File, string[] Words)> Lines =
        [.. from file in MarkdownFile.All
            from block in file.Code("sh")
            from line in block.ReplaceLineEndings("\n").Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            where line.Length > 0 && !line.StartsWith('#')
            select (file.Path, line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    [Fact]
    public void Commands_OfTheClone_ExistAndCanBeRun() =>
        House.Allows(from line in Lines
                     from word in line.Words
                     where word.StartsWith("./", StringComparison.Ordinal) || word.StartsWith("bench/", StringComparison.Ordinal)
                     where !CanBeRun(word)
                     select $"{line.File}: {word}");

    [Fact]
    public void Readme_SetUp_IsTheTwoCommands()
    {
        IEnumerable<string> lines = MarkdownFile.Load("README.md").Code("sh").SelectMany(block => block.Split('\n'));
        Assert.Contains("./konko serve", lines);
        Assert.Contains("dotnet test", lines);
    }

    private static bool CanBeRun(string command) =>
        Repository.Files.Contains(command.StartsWith("./", StringComparison.Ordinal) ? command[2..] : command)
        && (OperatingSystem.IsWindows() || File.GetUnixFileMode(Repository.FullPath(command)).HasFlag(UnixFileMode.UserExecute));
}
