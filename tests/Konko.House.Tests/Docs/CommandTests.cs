using Konko.House.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

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
    public void Flags_OfKonko_ExistInItsSource()
    {
        HashSet<string> strings = [.. from file in SourceFile.All
                                      where file.Path.StartsWith("src/", StringComparison.Ordinal)
                                      from literal in file.Root.DescendantNodes().OfType<LiteralExpressionSyntax>()
                                      where literal.IsKind(SyntaxKind.StringLiteralExpression)
                                      select literal.Token.ValueText];
        House.Allows(from line in Lines
                     where line.Words[0] is "./konko"
                     from word in line.Words
                     where word.StartsWith("--", StringComparison.Ordinal)
                     let flag = word.Split('=')[0]
                     where !strings.Contains(flag) && !strings.Contains(flag[2..])
                     select $"{line.File}: {flag}");
    }

    [Fact]
    public void Readme_SetUp_IsTheTwoCommands()
    {
        IEnumerable<string> lines = MarkdownFile.Load("README.md").Code("sh").SelectMany(block => block.Split('\n'));
        Assert.Contains("./konko serve", lines);
        Assert.Contains("dotnet test", lines);
    }

    private static bool CanBeRun(string command) =>
        RepositoryFiles.Files.Contains(command.StartsWith("./", StringComparison.Ordinal) ? command[2..] : command)
        && (OperatingSystem.IsWindows() || File.GetUnixFileMode(RepositoryFiles.FullPath(command)).HasFlag(UnixFileMode.UserExecute));
}
