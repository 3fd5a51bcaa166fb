using System.Text;
using Konko.Engine.Gguf;
using Konko.Engine.Tokenizers;

namespace Konko.Engine.Tests.Tokenizers;

public sealed class TokenizerTests
{
    [Fact]
    public void EndOfGeneration_SmolLM2_IsBothItsEndTokens()
    {
        Tokenizer tokenizer = Vocabularies.Load("smollm2");
        Assert.Equal([0, 2], tokenizer.EndOfGeneration);
        Assert.Equal(["<|endoftext|>", "<|im_end|>"], tokenizer.EndOfGeneration.Select(tokenizer.Literal));
        Assert.Equal(1, tokenizer.BosId);
        Assert.Equal(2, tokenizer.EosId);
        Assert.False(tokenizer.AddBos);
        Assert.Equal(49152, tokenizer.VocabularySize);
    }

    [Theory]
    [InlineData("phi-3", new[] { 2, 32000, 32007 })]
    [InlineData("llama-spm", new[] { 2 })]
    [InlineData("llama-bpe", new[] { 128001, 128009 })]
    [InlineData("qwen2", new[] { 128247, 151643, 151645 })]
    [InlineData("deepseek-llm", new[] { 100001 })]
    public void EndOfGeneration_RealVocabularies_IsIdsAndNames(string name, int[] expected) =>
        Assert.Equal(expected, Vocabularies.Load(name).EndOfGeneration);

    [Fact]
    public void EndOfGeneration_IdsAndNames_AreUnitedAndNamedOnesAreControl()
    {
        TokenizerData data = TestVocabulary.Build(["<end_of_turn>"], [], ["<x>", "<y>", "<z>"]);
        Tokenizer tokenizer = Tokenizer.Create(data with { EosId = 257, EotId = 258, EomId = 259 });
        Assert.Equal([256, 257, 258, 259], tokenizer.EndOfGeneration);
        Assert.True(tokenizer.IsSpecial(256));
        Assert.DoesNotContain(256, tokenizer.Encode("<end_of_turn>", parseSpecial: false));
    }

    [Fact]
    public void EndOfGeneration_WithReturnAndCall_LeavesEndOut()
    {
        Tokenizer harmony = Tokenizer.Create(TestVocabulary.Build([], [], ["<|end|>", "<|return|>", "<|call|>"]));
        Assert.Equal([257, 258], harmony.EndOfGeneration);
        Assert.True(harmony.IsSpecial(256));
        Assert.Equal([256], Tokenizer.Create(TestVocabulary.Build([], [], ["<|end|>", "<|return|>"])).EndOfGeneration.Take(1));
    }

    [Fact]
    public void Finish_PromptThatHasItsBos_AddsNoSecond()
    {
        Tokenizer tokenizer = Tokenizer.Create(TestVocabulary.SentencePiece);
        Assert.True(tokenizer.AddBos);
        Assert.Equal([1, 259], tokenizer.Finish([259]));
        Assert.Equal([1, 259], tokenizer.Finish(tokenizer.Finish([259])));
        Assert.Equal([1, 259], tokenizer.Finish([1, 259]));
        Assert.Equal([1], tokenizer.Finish([]));
    }

    [Fact]
    public void Finish_FileThatAsksForNoBos_AddsNone() =>
        Assert.Equal([259], Tokenizer.Create(TestVocabulary.SentencePiece with { AddBos = false }).Finish([259]));

    [Fact]
    public void AddBos_FileThatDoesNotSay_FollowsThePreTokenizer()
    {
        Assert.True(Tokenizer.Create(TestVocabulary.BytePair with { Pre = "llama-bpe", BosId = 260 }).AddBos);
        Assert.False(Tokenizer.Create(TestVocabulary.BytePair with { Pre = "llama-bpe" }).AddBos);
        Assert.False(Tokenizer.Create(TestVocabulary.BytePair with { Pre = "qwen2", BosId = 260 }).AddBos);
    }

    [Fact]
    public void Literal_AllKinds_IsValidText()
    {
        Tokenizer tokenizer = Tokenizer.Create(TestVocabulary.BytePair);
        Assert.Equal("<|im_end|>", tokenizer.Literal(261));
        Assert.Equal("hello", tokenizer.Literal(259));
        Assert.Equal(" ", tokenizer.Literal(' '));
        Assert.Equal("\uFFFD", tokenizer.Literal(0xC3));
        Assert.Equal(" ab", Tokenizer.Create(TestVocabulary.SentencePiece).Literal(264));
    }

    [Fact]
    public void Bytes_Ids_AreEmptyForSpecialTokensOnly()
    {
        Tokenizer tokenizer = Tokenizer.Create(TestVocabulary.BytePair);
        Assert.True(tokenizer.Bytes(260).IsEmpty);
        Assert.True(tokenizer.IsSpecial(260));
        Assert.Equal([0xC3], tokenizer.Bytes(0xC3).ToArray());
        Assert.False(tokenizer.IsSpecial(0xC3));
        Assert.Throws<IndexOutOfRangeException>(() => tokenizer.Bytes(262).Length);
    }

    [Fact]
    public void Encode_BytesWithoutAToken_AreDropped()
    {
        Tokenizer tokenizer = Vocabularies.Load("smollm2");
        byte missing = Enumerable.Range(0x20, 0x60).Concat(Enumerable.Range(0, 0x20)).Select(b => (byte)b)
            .First(b => tokenizer.Encode(((char)b).ToString(), parseSpecial: false).Count == 0);
        Assert.Equal(tokenizer.Encode("a", parseSpecial: false).Concat(tokenizer.Encode("b", parseSpecial: false)),
            tokenizer.Encode($"a{(char)missing}b", parseSpecial: false));
    }

    [Fact]
    public void Encode_UserDefinedToken_IsFoundInUntrustedTextToo()
    {
        TokenizerData data = TestVocabulary.Build(["<think>", "<think"], [], []);
        Tokenizer tokenizer = Tokenizer.Create(data with { TokenTypes = [.. data.TokenTypes!.Take(256), 4, 4] });
        Assert.Equal([256, 'a'], tokenizer.Encode("<think>a", parseSpecial: false));
        Assert.Equal([257, 'a'], tokenizer.Encode("<thinka", parseSpecial: false));
        Assert.Equal("<think>", Encoding.UTF8.GetString(tokenizer.Bytes(256)));
        Assert.False(tokenizer.IsSpecial(256));
    }

    [Theory]
    [InlineData("<｜User｜>", true)]
    [InlineData("<|user|>", true)]
    [InlineData("<start_of_turn>", true)]
    [InlineData("[INST]", true)]
    [InlineData("<think>", false)]
    [InlineData("<tool_call>", false)]
    [InlineData("<|>", false)]
    public void Encode_UserDefinedTokenSpelledAsControl_IsNoTextThatAMessageCanSpell(string text, bool control)
    {
        TokenizerData data = TestVocabulary.Build([text], [], []);
        Tokenizer tokenizer = Tokenizer.Create(data with { TokenTypes = [.. data.TokenTypes!.Take(256), 4] });
        Assert.Equal(control, tokenizer.IsSpecial(256));
        Assert.Equal([256], tokenizer.Encode(text, parseSpecial: true));
        Assert.Equal(!control, tokenizer.Encode(text, parseSpecial: false).SequenceEqual([256]));
    }

    [Fact]
    public void Encode_SentencePieceWithoutByteTokens_TakesTheUnknownToken()
    {
        var data = new TokenizerData { Model = "llama", Tokens = ["<unk>", "<s>", "</s>", "▁", "a"], TokenTypes = [2, 3, 3, 1, 1], Scores = new float[5] };
        Assert.Equal([3, 4, 0, 0], Tokenizer.Create(data).Encode("aé", parseSpecial: false));
    }

    [Fact]
    public void Encode_SentencePieceWithoutSpacePrefix_PutsNoBlank()
    {
        Tokenizer tokenizer = Tokenizer.Create(TestVocabulary.SentencePiece with { AddSpacePrefix = false });
        Assert.Equal([263], tokenizer.Encode("ab", parseSpecial: false));
        Assert.Equal(" ab", tokenizer.Decode(tokenizer.Encode(" ab", parseSpecial: false)));
    }

    [Fact]
    public void Encode_Phi3ByAnyOfItsNames_SwallowsWhiteSpaceAfterSpecialTokens()
    {
        TokenizerData data = TestVocabulary.SentencePiece;
        foreach (string name in (string[])["Phi3", "Phi 3 Mini", "microsoft/phi-3-mini"])
        {
            Assert.Equal([2, 264], Tokenizer.Create(data with { ModelName = name }).Encode("</s> \n\tab", parseSpecial: true));
            Assert.Equal([1, 265], Tokenizer.Create(data with { ModelName = name }).Encode("<s>bc", parseSpecial: true).Where(id => id != 259));
        }
        Assert.Equal([2, 259, 264], Tokenizer.Create(data with { ModelName = "Llama 3" }).Encode("</s> ab", parseSpecial: true));
    }

    [Theory]
    [InlineData("unaffable", new[] { 4, 5, 6 })]
    [InlineData("UNAFFABLE the!", new[] { 4, 5, 6, 7, 8 })]
    [InlineData("unaffables", new[] { 1 })]
    [InlineData("the\u0001\uFFFDthe", new[] { 1 })]
    [InlineData("é 東東", new[] { 12, 10, 10 })]
    [InlineData("e\u0301\u00a0the", new[] { 12, 7 })]
    [InlineData("▁", new[] { 1 })]
    [InlineData(" \t\n", new int[0])]
    [InlineData("[UNK][SEP]", new[] { 1, 3 })]
    public void Encode_WordPiece_CutsWordsIntoTheLongestTokens(string text, int[] expected) =>
        Assert.Equal(expected, Tokenizer.Create(TestVocabulary.WordPiece).Encode(text, parseSpecial: true));

    [Fact]
    public void Encode_WordPieceWordOverAHundredCharacters_IsUnknown()
    {
        Tokenizer tokenizer = Tokenizer.Create(TestVocabulary.WordPiece);
        Assert.Equal(100, tokenizer.Encode(new string('e', 100), parseSpecial: false).Count);
        Assert.Equal([1], tokenizer.Encode(new string('e', 101), parseSpecial: false));
    }

    [Fact]
    public void Encode_WordPieceThatKeepsCase_DoesNotLowerIt()
    {
        Tokenizer tokenizer = Tokenizer.Create(TestVocabulary.WordPiece with { Lowercase = false });
        Assert.Equal([7, 1, 1], tokenizer.Encode("the The é", parseSpecial: false));
    }

    [Fact]
    public void Enclose_WordPiece_AddsClsAndSepOnce()
    {
        Tokenizer tokenizer = Tokenizer.Create(TestVocabulary.WordPiece);
        Assert.Equal([2, 7, 3], tokenizer.Enclose(tokenizer.Enclose([7])));
        Assert.Equal([2, 3], tokenizer.Enclose([]));
    }

    [Fact]
    public void FromGguf_BrokenVocabulary_NamesFileAndKey()
    {
        string path = Path.Combine(Path.GetTempPath(), $"konko-{Guid.NewGuid():N}.gguf");
        byte[] bytes = File.ReadAllBytes(Repository.Reference("tiny", "llama.gguf")!);
        int pre = bytes.AsSpan().IndexOf("gpt-2"u8);
        "gpt-9"u8.CopyTo(bytes.AsSpan(pre));
        try
        {
            File.WriteAllBytes(path, bytes);
            using GgufFile file = GgufFile.Open(path);
            GgufException exception = Assert.Throws<GgufException>(() => Tokenizer.FromGguf(file));
            Assert.Contains("tokenizer.ggml.pre", exception.Message, StringComparison.Ordinal);
            Assert.Contains("'gpt-9'", exception.Message, StringComparison.Ordinal);
            Assert.Contains(Path.GetFileName(path), exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
