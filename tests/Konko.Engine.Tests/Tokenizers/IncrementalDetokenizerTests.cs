using Konko.Engine.Tokenizers;

namespace Konko.Engine.Tests.Tokenizers;

public sealed class IncrementalDetokenizerTests
{
    // Its ids below 256 are the bytes themselves.
    private readonly Tokenizer _bytes = Tokenizer.Create(TestVocabulary.BytePair);

    [Fact]
    public void Append_BytesOfACharacter_EmitsItWhole()
    {
        var detokenizer = new IncrementalDetokenizer(_bytes, continues: true);
        Assert.Equal(["", "", "", "🙂"], "🙂"u8.ToArray().Select(b => detokenizer.Append(b)));
        Assert.Equal("", detokenizer.Flush());
    }

    [Theory]
    [InlineData(new int[] { 0xFF }, new[] { "\uFFFD" })]
    [InlineData(new int[] { 0xE2, 'a' }, new[] { "", "\uFFFDa" })]
    [InlineData(new int[] { 0xE2, 0x82, 0xE2, 0x82, 0xAC }, new[] { "", "", "\uFFFD", "", "€" })]
    [InlineData(new int[] { 0xE0, 0x80 }, new[] { "", "\uFFFD\uFFFD" })]
    [InlineData(new int[] { 0xED, 0xA0, 0x80 }, new[] { "", "\uFFFD\uFFFD", "\uFFFD" })]
    [InlineData(new int[] { 0xF0, 0x9F, 0x99, 259 }, new[] { "", "", "", "\uFFFDhello" })]
    [InlineData(new int[] { 0xC3, 261, 0xA9 }, new[] { "", "", "é" })]
    public void Append_BrokenBytes_EmitsReplacementsOnceKnown(int[] ids, string[] increments)
    {
        var detokenizer = new IncrementalDetokenizer(_bytes, continues: true);
        Assert.Equal(increments, ids.Select(detokenizer.Append));
        Assert.Equal("", detokenizer.Flush());
    }

    [Fact]
    public void Flush_IncompleteCharacter_EmitsOneReplacement()
    {
        var detokenizer = new IncrementalDetokenizer(_bytes, continues: true);
        foreach (byte b in "🙂"u8[..3].ToArray()) Assert.Equal("", detokenizer.Append(b));
        Assert.Equal(3, detokenizer.PendingBytes);
        Assert.Equal("\uFFFD", detokenizer.Flush());
        Assert.Equal("", detokenizer.Flush());
    }

    [Fact]
    public void Append_SameBytesCutInAnyWay_GivesTheSameText()
    {
        // Tokens that are halves of characters, so that the same bytes can be cut in several ways.
        string Spell(ReadOnlySpan<byte> bytes) => string.Concat(bytes.ToArray().Select(b => ByteLevelAlphabet.Character(b)));
        string[] halves = [Spell([0xF0, 0x9F]), Spell([0x99, 0x82]), Spell([0xE2, 0x82]), Spell([0xAC, 0xF0]), Spell([0x82, 0xE2])];
        Tokenizer tokenizer = Tokenizer.Create(TestVocabulary.Build(halves, [], []));
        var random = new Random(31);
        for (int round = 0; round < 2_000; round++)
        {
            int[] ids = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => 256 + random.Next(halves.Length))];
            int[] single = [.. ids.SelectMany(id => tokenizer.Bytes(id).ToArray()).Select(b => (int)b)];
            Assert.Equal(tokenizer.Decode(single, continues: true), tokenizer.Decode(ids, continues: true));
        }
    }

    [Fact]
    public void Clone_InTheMiddleOfACharacter_GoesItsOwnWay()
    {
        var first = new IncrementalDetokenizer(_bytes, continues: true);
        first.Append(0xC3);
        IncrementalDetokenizer second = first.Clone();
        Assert.Equal("é", first.Append(0xA9));
        Assert.Equal("è", second.Append(0xA8));
    }

    [Fact]
    public void Append_SpecialToken_EmitsNothing()
    {
        var detokenizer = new IncrementalDetokenizer(_bytes, continues: true);
        Assert.Equal("", detokenizer.Append(261));
        Assert.Equal("hello", detokenizer.Append(259));
    }

    [Fact]
    public void Append_SentencePieceBlank_IsTextOnlyWhereItContinues()
    {
        Tokenizer tokenizer = Tokenizer.Create(TestVocabulary.SentencePiece);
        List<int> ids = tokenizer.Encode("ab ab", parseSpecial: false);
        Assert.Equal(["▁ab", "▁ab"], ids.Select(id => TestVocabulary.SentencePiece.Tokens[id]));
        Assert.Equal("ab ab", tokenizer.Decode(ids));
        Assert.Equal(" ab ab", tokenizer.Decode(ids, continues: true));
        Assert.Equal("ab", tokenizer.Decode([1, ids[0]]));
        Assert.Equal(" ab", tokenizer.Decode(tokenizer.Encode(" ab", parseSpecial: false)));
    }
}
