using Konko.Cli.Chat.Editing;

namespace Konko.Cli.Tests.Chat.Editing;

public sealed class HistoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("konko-history-").FullName;

    private string File => Path.Combine(_folder, "state", "konko", "chat-history");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Add_Entries_AreThereTheNextTime()
    {
        History first = History.Open(File);
        first.Add("one");
        first.Add("two\nlines \"quoted\" 日本");
        first.Add("two\nlines \"quoted\" 日本");
        first.Add(" secret");
        first.Add("  ");

        Assert.Equal(["one", "two\nlines \"quoted\" 日本"], History.Open(File).Entries);
    }

    [Fact]
    public void Add_NewFile_IsTheUsersAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such rights.");
            return;
        }

        History.Open(File).Add("one");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public void Add_FileThatOthersCouldRead_IsClosedToThem()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such rights.");
            return;
        }

        string file = Path.Combine(_folder, "open");
        System.IO.File.WriteAllText(file, "\"old\"\n");
        System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        History.Open(file).Add("new");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(file));
        Assert.Equal(["old", "new"], History.Open(file).Entries);
    }

    [Fact]
    public void Open_DamagedFile_KeepsWhatCanBeRead()
    {
        string file = Path.Combine(_folder, "damaged");
        System.IO.File.WriteAllText(file, "\"one\"\n{]\n\n7\nnull\n\"two\"\n\"cut");

        Assert.Equal(["one", "two"], History.Open(file).Entries);
    }

    [Fact]
    public void Open_FileThatIsNone_IsAHistoryInMemory()
    {
        History history = History.Open(_folder);
        history.Add("one");

        Assert.Equal(["one"], history.Entries);
    }

    [Fact]
    public void Open_ManyEntries_KeepsTheNewest()
    {
        History history = History.Open(File);
        for (int i = 0; i <= 1000; i++) history.Add($"{i}");

        Assert.Equal((500, "501", "1000"), (History.Open(File).Entries.Count, History.Open(File).Entries[0], History.Open(File).Entries[^1]));
    }

    [Fact]
    public void Walk_BackAndForth_FindsWhatWasBeingTypedAgain()
    {
        History history = History.InMemory();
        history.Add("one");
        history.Add("two");
        var walk = new HistoryWalk(history);

        Assert.Null(walk.Forward("dra"));
        Assert.Equal(["two", "one", null], [walk.Back("draft"), walk.Back("two"), walk.Back("one")]);
        Assert.Equal(["two", "draft", null], [walk.Forward("one"), walk.Forward("two"), walk.Forward("draft")]);
    }

    [Theory]
    [InlineData("off", null, null)]
    [InlineData("/x/y", null, "/x/y")]
    [InlineData(null, "/state", "/state/konko/chat-history")]
    [InlineData(null, "relative", "/me/.local/state/konko/chat-history")]
    [InlineData(null, null, "/me/.local/state/konko/chat-history")]
    public void HistoryFile_Environment_NamesIt(string? variable, string? state, string? expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have other folders.");
        Assert.Equal(expected, StateFolder.HistoryFile(name => name switch { "KONKO_HISTORY" => variable, "XDG_STATE_HOME" => state, "HOME" => "/me", _ => null }));
    }
}
