using Konko.Engine.Tokenizers;

namespace Konko.Engine.Tests.Tokenizers;

public sealed class InfillTokensTests
{
    [Theory]
    [InlineData("<fim_prefix>", "<fim_suffix>", "<fim_middle>")]
    [InlineData("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>")]
    [InlineData("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>")]
    public void Infill_KnownSpellings_AreFound(string prefix, string suffix, string middle)
        => Assert.Equal(new InfillTokens(258, 256, 257), Tokenizer.Create(TestVocabulary.Build([], [], [suffix, middle, prefix])).Infill);

    [Fact]
    public void Infill_IdsOfTheFile_CountBeforeSpellings()
    {
        TokenizerData data = TestVocabulary.BytePair with { FimPrefixId = 7, FimSuffixId = 8, FimMiddleId = 9 };
        Assert.Equal(new InfillTokens(7, 8, 9), Tokenizer.Create(data).Infill);
    }

    [Fact]
    public void Infill_IncompleteOrImpossible_IsNone()
    {
        Assert.Null(Tokenizer.Create(TestVocabulary.BytePair).Infill);
        Assert.Null(Tokenizer.Create(TestVocabulary.Build([], [], ["<fim_prefix>", "<fim_suffix>"])).Infill);
        Assert.Null(Tokenizer.Create(TestVocabulary.BytePair with { FimPrefixId = 7, FimSuffixId = 8, FimMiddleId = 1 << 20 }).Infill);
    }
}
