using Konko.Engine.Gguf.Quantization;

namespace Konko.Engine.Tests.Gguf.Quantization;

public sealed class WholeFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Out => _folder.File("out.gguf");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Commit_Content_AppearsOnlyThen()
    {
        using (WholeFile file = WholeFile.Create(Out, [], false, 3))
        {
            file.Write(stream => stream.Write("abc"u8));
            Assert.False(File.Exists(Out));
            Assert.Equal(3, file.Commit());
        }

        Assert.Equal("abc", File.ReadAllText(Out));
        Assert.Single(Entries());
    }

    [Fact]
    public void Dispose_NotCommitted_LeavesNothing()
    {
        using (WholeFile file = WholeFile.Create(Out, [], false, 3)) file.Write(stream => stream.Write("abc"u8));

        Assert.Empty(Entries());
    }

    [Fact]
    public void Write_DiskRefuses_IsTheUsersFailure()
    {
        using WholeFile file = WholeFile.Create(Out, [], false, 3);

        var e = Assert.Throws<QuantizationException>(() => file.Write(_ => throw new IOException("No space left on device")));

        Assert.EndsWith("out.gguf: writing failed: No space left on device", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_FileThatExists_NeedsForce()
    {
        File.WriteAllText(Out, "GGUF and more");

        Assert.Equal($"{Out}: it exists already; --force replaces it.", Refusal(Out));
        using (WholeFile file = WholeFile.Create(Out, [], true, 3)) file.Commit();
        Assert.Empty(File.ReadAllText(Out));
    }

    [Fact]
    public void Create_OtherDocument_IsNotReplacedEvenByForce()
    {
        File.WriteAllText(Out, "A thesis");

        var e = Assert.Throws<QuantizationException>(() => WholeFile.Create(Out, [], true, 3));

        Assert.Equal($"{Out}: it exists and is no GGUF file; not even --force replaces that.", e.Message);
        Assert.Equal("A thesis", File.ReadAllText(Out));
    }

    [Fact]
    public void Commit_FileMadeMeanwhile_IsNotReplaced()
    {
        using WholeFile file = WholeFile.Create(Out, [], false, 3);
        File.WriteAllText(Out, "another's");

        Assert.Throws<QuantizationException>(() => file.Commit());

        Assert.Equal("another's", File.ReadAllText(Out));
    }

    [Fact]
    public void Create_PlaceThatIsNone_IsRefusedWithTheReason()
    {
        Assert.Contains("it is a folder", Refusal(Path.GetDirectoryName(Out)!), StringComparison.Ordinal);
        Assert.Contains("the folder does not exist", Refusal(_folder.File("no/out.gguf")), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_FileThatIsRead_IsRefusedByWhateverPath()
    {
        string source = _folder.File("in.gguf");
        File.WriteAllText(source, "GGUF");
        Assert.Contains("it is the file that is read", Refusal(_folder.File("./x/../in.gguf"), source), StringComparison.Ordinal);

        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        Directory.CreateSymbolicLink(_folder.File("here"), ".");
        File.CreateSymbolicLink(_folder.File("link.gguf"), "here/in.gguf");
        Assert.Contains("it is the file that is read", Refusal(_folder.File("here/here/in.gguf"), source), StringComparison.Ordinal);
        Assert.Contains("it is the file that is read", Refusal(_folder.File("link.gguf"), source), StringComparison.Ordinal);
        Assert.Contains("it is the file that is read", Refusal(source, _folder.File("link.gguf")), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_LinksInACircle_EndInARefusal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        File.CreateSymbolicLink(_folder.File("a.gguf"), "b.gguf");
        File.CreateSymbolicLink(_folder.File("b.gguf"), "a.gguf");

        Assert.NotEmpty(Refusal(_folder.File("a.gguf"), _folder.File("in.gguf")));
    }

    [Fact]
    public void Create_TooLittleSpace_IsRefusedBeforeAnythingIsWritten()
    {
        var e = Assert.Throws<QuantizationException>(() => WholeFile.Create(Out, [], false, 5L << 30, _ => 3L << 20));

        Assert.Equal($"{Out}: about 5,120 MiB are needed and 3 MiB are free.", e.Message);
        Assert.Empty(Entries());
        using WholeFile unknown = WholeFile.Create(Out, [], false, 5L << 30, _ => null);
    }

    [Fact]
    public void FreeBytes_OfAFolder_AreKnown() => Assert.True(FilePlace.FreeBytes(Path.GetDirectoryName(Out)!) > 0);

    private static string Refusal(string path, params string[] sources) => Assert.Throws<QuantizationException>(() => WholeFile.Create(path, sources, false, 3)).Message;

    private string[] Entries() => Directory.GetFileSystemEntries(Path.GetDirectoryName(Out)!);
}
