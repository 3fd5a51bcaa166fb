namespace Konko.Protocol.Tests;

public sealed class RoomTests
{
    [Fact]
    public void Solution_Exists_AboveTheTests()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Konko.slnx"))) directory = directory.Parent;
        Assert.NotNull(directory);
    }
}
