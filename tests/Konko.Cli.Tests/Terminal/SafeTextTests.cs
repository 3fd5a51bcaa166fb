using Konko.Cli.Terminal;

namespace Konko.Cli.Tests.Terminal;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain, ünïcödé 日本 🙂\n\ttab", "plain, ünïcödé 日本 🙂\n\ttab")]
    [InlineData("\e[31mred\e[0m", "␛[31mred␛[0m")]
    [InlineData("\e]0;title\a", "␛]0;title␇")]
    [InlineData("\u009b31m\u0085", "\uFFFD31m\uFFFD")]
    [InlineData("a\0b\bc\u007f", "a␀b␈c␡")]
    [InlineData("one\r\ntwo\rthree", "one\ntwothree")]
    public void Clean_Controls_AreShownAndNotObeyed(string text, string expected) => Assert.Equal(expected, SafeText.Clean(text));

    [Fact]
    public void Clean_AnyCharacter_LeavesNoControlButLineAndTab()
    {
        string all = new([.. Enumerable.Range(0, 0x10000).Select(code => (char)code)]);

        Assert.Equal(['\t', '\n'], SafeText.Clean(all).Where(char.IsControl));
    }

    [Fact]
    public void Line_SeveralLines_BecomeOne() => Assert.Equal("a b c d ␛", SafeText.Line("a\nb\r\nc\td \e"));
}
