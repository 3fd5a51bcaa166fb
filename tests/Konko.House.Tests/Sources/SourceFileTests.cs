using Konko.House.Tests.Rooms;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Konko.House.Tests.Sources;

public sealed class SourceFileTests
{
    private const int MostLines = 600;

    [Fact]
    public void Length_EveryFile_IsReadInOneSitting() =>
        House.Allows(SourceFile.All.Where(file => !file.IsGenerated)
            .Select(file => (file.Path, Lines: file.Root.GetText().Lines.Count))
            .Where(file => file.Lines > MostLines));

    [Fact]
    public void Namespace_EveryFile_IsItsFolder() =>
        House.Allows(SourceFile.All.SelectMany(file => file.Root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
            .Where(declared => declared.Name.ToString() != NamespaceOf(file.Path))
            .Select(declared => $"{file.At(declared)} is {declared.Name}, not {NamespaceOf(file.Path)}")));

    [Fact]
    public void Namespace_EveryType_HasOne() =>
        House.Allows(SourceFile.All.SelectMany(file => file.Types.Where(type => type.Parent is CompilationUnitSyntax).Select(file.At)));

    /// <summary>A family of constants given as type parameters may share a file named after what they are.</summary>
    [Fact]
    public void Type_EveryFileOfTheProduct_HasTheNameOfTheFile() =>
        House.Allows(SourceFile.All
            .Where(file => !file.IsTest && file.Types.Any(type => type is not (StructDeclarationSyntax or InterfaceDeclarationSyntax)))
            .Where(file => !file.Types.Select(NameOf).Any(name => name == file.Name.Split('.')[0] || name == file.Name.Replace(".", "", StringComparison.Ordinal)))
            .Select(file => $"{file.Path} declares {string.Join(", ", file.Types.Select(NameOf))}"));

    [Theory]
    [InlineData("src/Konko.Engine/Cache/KvPage.cs", "Konko.Engine.Cache")]
    [InlineData("src/Konko.Cli/Program.cs", "Konko.Cli")]
    [InlineData("tests/Shared/GateScale.cs", "Konko.Tests")]
    public void NamespaceOf_Path_FollowsItsFolders(string path, string expected) => Assert.Equal(expected, NamespaceOf(path));

    private static string NamespaceOf(string path)
    {
        string folder = path[..path.LastIndexOf('/')];
        Project? project = Project.All.SingleOrDefault(project => (folder + "/").StartsWith(project.Folder + "/", StringComparison.Ordinal));
        // Files that every test project compiles belong to none of them.
        return project is null ? "Konko.Tests" : project.Name + folder[project.Folder.Length..].Replace('/', '.');
    }

    private static string NameOf(MemberDeclarationSyntax type) =>
        type is DelegateDeclarationSyntax method ? method.Identifier.Text : ((BaseTypeDeclarationSyntax)type).Identifier.Text;
}
