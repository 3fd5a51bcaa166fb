namespace Konko.House.Tests.Docs;

public sealed class LinkTests
{
    [Fact]
    public void Links_WithinTheRepository_Resolve() =>
        House.Allows(from file in MarkdownFile.All
                     from link in file.Links
                     where !link.Contains("://", StringComparison.Ordinal) && !Resolves(file, link)
                     select $"{file.Path}: {link}");

    [Theory]
    [InlineData("[a](b.md#c) `[no](code)` [d](e)", new[] { "b.md#c", "e" })]
    [InlineData("```sh\n[no](code)\n```\n[f](g)", new[] { "g" })]
    public void Links_Text_AreThoseOutsideCode(string text, string[] expected) => Assert.Equal(expected, new MarkdownFile("x.md", text).Links);

    [Theory]
    [InlineData("Where the answer is cut", "where-the-answer-is-cut")]
    [InlineData("1. One log, one fold", "1-one-log-one-fold")]
    public void AnchorOf_Heading_IsWhatForgesMake(string heading, string expected) => Assert.Equal(expected, MarkdownFile.AnchorOf(heading));

    private static bool Resolves(MarkdownFile file, string link)
    {
        string[] parts = link.Split('#', 2);
        string target = parts[0].Length == 0 ? file.Path : Path.GetRelativePath(Repository.Root,
            Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(file.Path)!, parts[0]))).Replace('\\', '/');
        if (parts.Length == 2) return RepositoryFiles.Files.Contains(target) && MarkdownFile.Load(target).Anchors.Contains(parts[1]);
        return RepositoryFiles.Files.Contains(target) || Directory.Exists(RepositoryFiles.FullPath(target));
    }
}
