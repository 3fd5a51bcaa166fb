using Konko.Cli.Terminal;

namespace Konko.Cli.Tests.Terminal;

public sealed class PasteDecoderTests
{
    [Theory]
    [InlineData("a\e[200~x\ry\e[201~b", "a|<x\ny>|b")]
    [InlineData("\e[200~\e[201~", "<>")]
    [InlineData("\e[200~[201~ 200~\e[200\e[201~", "<[201~ 200~\e[200>")]
    [InlineData("\e[20x", "\e|[|2|0|x")]
    [InlineData("\e\e[200~x\e[201~", "\e|<x>")]
    public void Add_KeysOneByOne_FindsWhatWasPasted(string keys, string expected)
    {
        var decoder = new PasteDecoder();
        IEnumerable<KeyInput> inputs = [.. keys.SelectMany(c => decoder.Add(new ConsoleKeyInfo(c, c == '\r' ? ConsoleKey.Enter : default, false, false, false)))];

        Assert.Equal(expected, Shown(inputs));
    }

    [Fact]
    public void Add_EscapeAndBracketAsOneKey_IsTheSameMark()
    {
        var decoder = new PasteDecoder();
        ConsoleKeyInfo alt = new('[', default, false, true, false);
        IEnumerable<KeyInput> inputs = [.. decoder.Add(alt), .. Type("200~hi"), .. decoder.Add(alt), .. Type("201~")];

        Assert.Equal("<hi>", Shown(inputs));
        IEnumerable<KeyInput> Type(string text) => [.. text.SelectMany(c => decoder.Add(new ConsoleKeyInfo(c, default, false, false, false)))];
    }

    private static string Shown(IEnumerable<KeyInput> inputs) => string.Join('|', inputs.Select(input => input.Pasted is { } text ? $"<{text}>" : input.Key!.Value.KeyChar.ToString()));
}
