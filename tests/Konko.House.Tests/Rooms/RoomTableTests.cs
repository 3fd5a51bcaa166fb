using System.Xml.Linq;

namespace Konko.House.Tests.Rooms;

public sealed class RoomTableTests
{
    public static TheoryData<string> Projects => [.. Project.All.Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_InTheTable_ReferencesWhatItsRoomMay(string name)
    {
        Project project = Project.All.Single(candidate => candidate.Name == name);
        Room? room = Room.Table.SingleOrDefault(candidate => candidate.Project == name);
        Assert.True(room is not null, $"{project.File} has no line in the table of {nameof(Room)}.cs.");

        House.Allows(project.Projects.Except(room.Projects));
        House.Allows(project.Frameworks.Except(room.Frameworks));
        if (!room.Packages.Contains("*")) House.Allows(project.Packages.Except(room.Packages));
    }

    [Fact]
    public void Solution_ProjectsOfTheRepository_AreAllInIt()
    {
        IEnumerable<string?> listed = XDocument.Load(RepositoryFiles.FullPath("Konko.slnx")).Descendants("Project").Select(project => (string?)project.Attribute("Path"));
        Assert.Equal(Project.All.Select(project => project.File).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Konko.Engine", "System.Net.Http", true)]
    [InlineData("Konko.Engine", "System.Net", true)]
    [InlineData("Konko.Engine", "System.Network", false)]
    [InlineData("Konko.Engine", "System.Text.Json", false)]
    [InlineData("Konko.Protocol", "Konko.Engine.Models", true)]
    [InlineData("Konko.Cli", "Konko.Engine.Gguf", false)]
    [InlineData("Konko.Cli", "Konko.Engine.Kernels", true)]
    public void Forbids_Namespace_FollowsTheRules(string room, string used, bool expected) =>
        Assert.Equal(expected, Room.Table.Single(candidate => candidate.Project == room).Forbids(used));
}
