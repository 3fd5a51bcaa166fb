using Konko.Server.Configuration;
using Konko.Server.Generation;
using Konko.Server.Storage;
using Konko.Server.Streams;
using Microsoft.Extensions.Logging.Abstractions;

namespace Konko.Server.Tests.Streams;

public sealed class StreamFileTests : IDisposable
{
    private static readonly GenerationStats s_stats = new(TimeSpan.FromTicks(5), default, default, default, default);

    private readonly string _root = Directory.CreateTempSubdirectory("konko-data-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Read_WhatWasWritten_IsThere()
    {
        StreamFile file = StreamFile.Create(_root, Record());
        var first = new StreamNote(1, s_stats);
        var last = new StreamNote(0, s_stats, 7, 1000);
        file.Append(first);
        Assert.Null(file.ReadEnd());
        file.Append(last);

        StreamFile found = StreamFile.All(_root).Single();
        (StreamRecord? record, List<StreamNote> notes) = found.Read();

        Assert.Equal(Record() with { Id = file.Id }, record! with { Id = file.Id });
        Assert.Equal([first, last], notes);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1000), found.ReadEnd());
        Assert.Equal(file.Bytes, found.Bytes);
    }

    [Theory]
    [InlineData("{\"choice\":0,\"stats\":{\"tot")]
    [InlineData("{")]
    public void Read_HalfALineAtTheEnd_IsWithoutIt(string half)
    {
        StreamFile file = StreamFile.Create(_root, Record());
        file.Append(new StreamNote(0, s_stats, 7, 1000));
        File.AppendAllText(Path.Combine(_root, file.Id + ".stream"), half);

        (StreamRecord? record, List<StreamNote> notes) = file.Read();

        Assert.NotNull(record);
        Assert.Single(notes);
        Assert.NotNull(file.ReadEnd());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("null\n")]
    [InlineData("{}\n")]
    [InlineData("{\"id\":\"\n")]
    public void Read_Damaged_IsNone(string text)
    {
        StreamFile file = StreamFile.Create(_root, Record());
        File.WriteAllText(Path.Combine(_root, file.Id + ".stream"), text);

        Assert.Null(file.Read().Record);
        Assert.Null(file.ReadEnd());
    }

    [Fact]
    public void DataFolder_FilesAndFolders_AreTheUsersOnly()
    {
        string path = Path.Combine(_root, "data");
        using var data = new DataFolder(new KonkoOptions { DataDirectory = path }, NullLogger<DataFolder>.Instance);
        string folder = data.Folder("streams")!;
        StreamFile file = StreamFile.Create(folder, Record());

        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such rights.");
            return;
        }

        const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(own | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        Assert.Equal(own | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Equal(own, File.GetUnixFileMode(Path.Combine(folder, file.Id + ".stream")));
    }

    [Fact]
    public void DataFolder_HeldByAnotherServer_IsNotTaken()
    {
        var options = new KonkoOptions { DataDirectory = _root };
        using (var first = new DataFolder(options, NullLogger<DataFolder>.Instance))
        using (var second = new DataFolder(options, NullLogger<DataFolder>.Instance))
        {
            Assert.NotNull(first.Path);
            Assert.Null(second.Path);
            Assert.Null(second.Folder("streams"));
        }

        using var third = new DataFolder(options, NullLogger<DataFolder>.Instance);
        Assert.NotNull(third.Path);
    }

    private static StreamRecord Record() => new()
    {
        Id = Guid.NewGuid().ToString(),
        Created = 1704899844,
        KeyHash = "",
        Path = "/v1/completions",
        Body = """{"prompt":"é\n"}""",
        Seed = null,
        Fingerprint = "f",
    };
}
