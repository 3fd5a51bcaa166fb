using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Konko.House.Tests.Sources;

/// <summary>A C# file of the repository, parsed.</summary>
/// <param name="Path">Its path in the repository.</param>
/// <param name="Root">Its syntax.</param>
internal sealed record SourceFile(string Path, CompilationUnitSyntax Root)
{
    private static readonly string[] Folders = ["src", "tests", "bench"];

    public static IReadOnlyList<SourceFile> All { get; } =
        [.. RepositoryFiles.Find(".cs", Folders).Select(path => new SourceFile(path, SyntaxFactory.ParseCompilationUnit(RepositoryFiles.Read(path))))];

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    /// <summary>Tables that a program wrote.</summary>
    public bool IsGenerated => Path.EndsWith(".Generated.cs", StringComparison.Ordinal);

    /// <summary>The types and delegates that stand in the file itself, not inside others.</summary>
    public IEnumerable<MemberDeclarationSyntax> Types =>
        Root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<MemberDeclarationSyntax>()
            .Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    /// <summary>Where a node stands, for messages: <c>path:line</c>.</summary>
    public string At(Microsoft.CodeAnalysis.SyntaxNode node) => $"{Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";
}
