using System.Globalization;
using System.Text;
using Konko.Engine.Tokenizers.Unicode;

namespace Konko.Engine.Tests.Tokenizers.Unicode;

public sealed class UnicodeDataTests
{
    [Fact]
    public void Category_EveryCodePoint_IsThatOfUnicode16()
    {
        Assert.SkipUnless(Environment.Version.Major == 10, "Only .NET 10 has the Unicode version of our tables.");
        for (int codePoint = 0; codePoint < 0x110000; codePoint++)
        {
            int expected = codePoint is >= 0x9 and <= 0xD or 0x85
                ? CategorySet.WhiteControl
                : (int)CharUnicodeInfo.GetUnicodeCategory(codePoint);
            if (expected != UnicodeData.Category(codePoint)) Assert.Fail($"U+{codePoint:X4} is {UnicodeData.Category(codePoint)}, not {expected}");
        }
    }

    [Theory]
    [InlineData(' ', true)]
    [InlineData('\t', true)]
    [InlineData(0x85, true)]
    [InlineData(0xA0, true)]
    [InlineData(0x2028, true)]
    [InlineData(0x3000, true)]
    [InlineData(0x200B, false)]
    [InlineData(0x1F, false)]
    [InlineData(0x180E, false)]
    public void Category_WhiteSpace_IsInTheSpaceSet(int codePoint, bool isSpace) =>
        Assert.Equal(isSpace, (CategorySet.Space >> UnicodeData.Category(codePoint) & 1) != 0);

    [Theory]
    [InlineData('A', 'a')]
    [InlineData('z', 'z')]
    [InlineData('@', '@')]
    [InlineData('É', 'é')]
    [InlineData('Σ', 'σ')]
    [InlineData('ß', 'ß')]
    [InlineData(0x212A, 'k')]
    [InlineData(0x10400, 0x10428)]
    [InlineData(0x1E921, 0x1E943)]
    public void ToLower_CodePoint_IsItsSimpleLowerCase(int codePoint, int lower) => Assert.Equal(lower, UnicodeData.ToLower(codePoint));

    [Theory]
    [InlineData("a", "a")]
    [InlineData("é", "e")]
    [InlineData("ǖ", "u")]
    [InlineData("ệ", "e")]
    [InlineData("\u212B", "A")]
    [InlineData("ﬁ", "ﬁ")]
    [InlineData("\u09CB", "\u09C7\u09BE")]
    [InlineData("\u0344", "")]
    [InlineData("\uF900", "\u8C48")]
    [InlineData("\U0001D161", "\U0001D158\U0001D165\U0001D16F")]
    [InlineData("안", "ᄋ")]
    [InlineData("힣", "ᄒ")]
    public void Decompose_CodePoint_KeepsWhatIsNoMark(string text, string bases)
    {
        Span<int> room = stackalloc int[4];
        int count = UnicodeData.Decompose(text.EnumerateRunes().Single().Value, room);
        Assert.Equal(bases, string.Concat(room[..count].ToArray().Select(c => new Rune(c).ToString())));
    }
}
