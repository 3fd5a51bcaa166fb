using System.Text.Json;
using System.Xml.Linq;

namespace Konko.House.Tests.Rooms;

public sealed class LockFileTests
{
    public static TheoryData<string> Projects => [.. Project.All.Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void LockFile_PackagesOfTheProject_AreLockedToTheCentralVersions(string name)
    {
        Project project = Project.All.Single(candidate => candidate.Name == name);
        Dictionary<string, string> central = XDocument.Load(RepositoryFiles.FullPath("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(package => (string)package.Attribute("Include")!, package => (string)package.Attribute("Version")!);
        using JsonDocument locked = JsonDocument.Parse(RepositoryFiles.Read(project.Folder + "/packages.lock.json"));
        JsonElement.ObjectEnumerator frameworks = locked.RootElement.GetProperty("dependencies").EnumerateObject();
        JsonElement dependencies = locked.RootElement.GetProperty("dependencies").GetProperty("net10.0");

        foreach (string package in project.Packages)
        {
            // A package may be for one framework only: what a later one has built in.
            JsonElement entry = frameworks.First(framework => framework.Value.TryGetProperty(package, out _)).Value.GetProperty(package);
            Assert.Equal("Direct", entry.GetProperty("type").GetString());
            Assert.Equal(central[package], entry.GetProperty("resolved").GetString());
        }

        foreach (string reference in project.Projects)
            Assert.Equal("Project", dependencies.GetProperty(reference.ToLowerInvariant()).GetProperty("type").GetString());
    }
}
