using System.Text;
using Konko.Cli.Answers;
using Konko.Cli.Running;

namespace Konko.Cli.Tests.Answers;

public sealed class InputTextTests
{
    [Theory]
    [InlineData("What is it ?", "What is it ?")]
    [InlineData("Review: -", "Review:\n\nfrom stdin")]
    [InlineData("-", "from stdin")]
    [InlineData("", "from stdin")]
    [InlineData("before - after", "before\n\nfrom stdin\n\nafter")]
    public void Of_Words_DashIsStandardInput(string words, string expected) =>
        Assert.Equal(expected, InputText.Of(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), () => Stream("from stdin\n"u8.ToArray())));

    [Fact]
    public void Of_WordsAlone_DoNotReadStandardInput() => Assert.Equal("Hi", InputText.Of(["Hi"], () => throw new InvalidOperationException()));

    [Fact]
    public void Read_ByteOrderMarkAndLineEnd_AreLeftOut() => Assert.Equal("ä\n", InputText.Read(() => Stream([.. Encoding.UTF8.Preamble, .. "ä\n\r\n"u8])));

    [Fact]
    public void Read_NoText_IsNamed() => Assert.Equal("standard input is no UTF-8 text.", Assert.Throws<UsageException>(() => InputText.Read(() => Stream([0xFF, 0xFE]))).Message);

    [Fact]
    public void Read_TooMuch_IsRefused() => Assert.Equal("standard input is longer than 16 MiB.", Assert.Throws<UsageException>(() => InputText.Read(() => Stream(new byte[(16 << 20) + 1]))).Message);

    private static MemoryStream Stream(byte[] bytes) => new(bytes);
}
