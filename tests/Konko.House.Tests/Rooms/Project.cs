using System.Xml.Linq;

namespace Konko.House.Tests.Rooms;

/// <summary>What a project file says it may touch.</summary>
/// <param name="File">The project file's path in the repository.</param>
/// <param name="Projects">Names of the projects it references.</param>
/// <param name="Packages">Ids of the packages it references itself (not those that shared props add).</param>
/// <param name="Frameworks">Shared frameworks it references.</param>
internal sealed record Project(string File, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages, IReadOnlyList<string> Frameworks)
{
    public string Name => Path.GetFileNameWithoutExtension(File);

    public string Folder => Path.GetDirectoryName(File)!.Replace('\\', '/');

    /// <summary>Every project of the repository.</summary>
    public static IReadOnlyList<Project> All { get; } = [.. RepositoryFiles.Find(".csproj").Select(Load)];

    private static Project Load(string file)
    {
        XDocument document = XDocument.Load(RepositoryFiles.FullPath(file));
        IReadOnlyList<string> frameworks = Includes(document, "FrameworkReference");
        if ((string?)document.Root!.Attribute("Sdk") == "Microsoft.NET.Sdk.Web") frameworks = [.. frameworks, "Microsoft.AspNetCore.App"];
        return new Project(file, [.. Includes(document, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))],
            Includes(document, "PackageReference"), frameworks);
    }

    private static string[] Includes(XDocument document, string item) =>
        [.. document.Descendants(item).Select(element => (string?)element.Attribute("Include")).OfType<string>()];
}
