using Konko.Engine.Tokenizers;

namespace Konko.Engine.Tests.Tokenizers;

public sealed class HostileDataTests
{
    private static readonly TokenizerData s_bytePair = TestVocabulary.BytePair;
    private static readonly TokenizerData s_sentencePiece = TestVocabulary.SentencePiece;
    private static readonly TokenizerData s_wordPiece = TestVocabulary.WordPiece;

    /// <summary>Data, the key that is wrong, and a part of the message.</summary>
    public static TheoryData<string, string, string> Cases { get; } = new()
    {
        { "unknown model", "tokenizer.ggml.model", "'t5' is unknown" },
        { "unknown pre", "tokenizer.ggml.pre", "'gpt-9' is unknown" },
        { "missing pre", "tokenizer.ggml.pre", "missing" },
        { "no tokens", "tokenizer.ggml.tokens", "the list is empty" },
        { "duplicate token", "tokenizer.ggml.tokens", "ids 0 and 1 are both 'a'" },
        { "too few types", "tokenizer.ggml.token_type", "1 values for 262 tokens" },
        { "too many scores", "tokenizer.ggml.scores", "268 values for 267 tokens" },
        { "no scores", "tokenizer.ggml.scores", "missing" },
        { "score not a number", "tokenizer.ggml.scores", "id 7 is not a number" },
        { "no merges", "tokenizer.ggml.merges", "missing" },
        { "merge without space", "tokenizer.ggml.merges", "merge 1, 'xy', is not two tokens" },
        { "empty merge", "tokenizer.ggml.merges", "merge 0, '', is not two tokens" },
        { "merge of a missing token", "tokenizer.ggml.merges", "merge 0, 'h zz', names a token" },
        { "merge into a missing token", "tokenizer.ggml.merges", "merge 0, 'h o', makes a token" },
        { "huge merge", "tokenizer.ggml.merges", "names a token" },
        { "bos out of range", "tokenizer.ggml.bos_token_id", "262 is no id" },
        { "eos negative", "tokenizer.ggml.eos_token_id", "-1 is no id" },
        { "eot out of range", "tokenizer.ggml.eot_token_id", "2147483647 is no id" },
        { "eom out of range", "tokenizer.ggml.eom_token_id", "300 is no id" },
        { "unknown out of range", "tokenizer.ggml.unknown_token_id", "267 is no id" },
        { "sep out of range", "tokenizer.ggml.seperator_token_id", "13 is no id" },
        { "cls out of range", "tokenizer.ggml.cls_token_id", "13 is no id" },
        { "bos wanted but missing", "tokenizer.ggml.add_bos_token", "names no tokenizer.ggml.bos_token_id" },
        { "no unknown word", "tokenizer.ggml.unknown_token_id", "no [UNK]" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Create_BrokenData_SaysWhichKeyAndHow(string name, string key, string message)
    {
        TokenizerDataException exception = Assert.Throws<TokenizerDataException>(() => Tokenizer.Create(Broken(name)));
        Assert.Equal(key, exception.Key);
        Assert.Contains(message, exception.Problem, StringComparison.Ordinal);
        Assert.Equal($"{key}: {exception.Problem}.", exception.Message);
    }

    [Fact]
    public void Create_EmptyTokens_AreTakenAsGaps()
    {
        Tokenizer tokenizer = Tokenizer.Create(s_bytePair with { Tokens = [.. s_bytePair.Tokens, "", ""], TokenTypes = null });
        Assert.Equal(264, tokenizer.VocabularySize);
        Assert.Equal([259], tokenizer.Encode("hello", parseSpecial: true));
        Assert.True(tokenizer.Bytes(263).IsEmpty);
    }

    [Fact]
    public void Encode_ImpossibleTypes_AreOrdinaryTokens()
    {
        Tokenizer tokenizer = Tokenizer.Create(s_bytePair with { TokenTypes = [.. Enumerable.Repeat(99, 262)] });
        Assert.Equal([259], tokenizer.Encode("hello", parseSpecial: true));
    }

    [Theory]
    [InlineData("gpt-2")]
    [InlineData("llama-bpe")]
    [InlineData("tekken")]
    [InlineData("deepseek-llm")]
    [InlineData("falcon")]
    public void Encode_HugeMonotonousTexts_EndsAndKeepsThem(string pre)
    {
        Tokenizer bytePair = Tokenizer.Create(s_bytePair with { Pre = pre });
        Tokenizer sentencePiece = Tokenizer.Create(s_sentencePiece);
        foreach (string unit in (string[])["h", "l", "lh", " ", "\n", " \n", "'", "1", "A", "Aa", "Á\u0301", "<|im_", "🙂"])
        {
            string text = string.Concat(Enumerable.Repeat(unit, 100_000));
            Assert.Equal(text, bytePair.Decode(bytePair.Encode(text, parseSpecial: true)));
            Assert.Equal(text, sentencePiece.Decode(sentencePiece.Encode(text, parseSpecial: true)));
        }
    }

    private static TokenizerData Broken(string name) => name switch
    {
        "unknown model" => s_bytePair with { Model = "t5" },
        "unknown pre" => s_bytePair with { Pre = "gpt-9" },
        "missing pre" => s_bytePair with { Pre = null },
        "no tokens" => s_bytePair with { Tokens = [] },
        "duplicate token" => s_bytePair with { Tokens = ["a", "a"], TokenTypes = null },
        "too few types" => s_bytePair with { TokenTypes = [1] },
        "too many scores" => s_sentencePiece with { Scores = [.. s_sentencePiece.Scores!, 0] },
        "no scores" => s_sentencePiece with { Scores = null },
        "score not a number" => s_sentencePiece with { Scores = [.. s_sentencePiece.Scores!.Select((s, i) => i == 7 ? float.NaN : s)] },
        "no merges" => s_bytePair with { Merges = null },
        "merge without space" => s_bytePair with { Merges = ["h e", "xy"] },
        "empty merge" => s_bytePair with { Merges = [""] },
        "merge of a missing token" => s_bytePair with { Merges = ["h zz"] },
        "merge into a missing token" => s_bytePair with { Merges = ["h o"] },
        "huge merge" => s_bytePair with { Merges = [new string('h', 1 << 20) + " " + new string('h', 1 << 20)] },
        "bos out of range" => s_bytePair with { BosId = 262 },
        "eos negative" => s_bytePair with { EosId = -1 },
        "eot out of range" => s_bytePair with { EotId = int.MaxValue },
        "eom out of range" => s_bytePair with { EomId = 300 },
        "unknown out of range" => s_sentencePiece with { UnknownId = 267 },
        "sep out of range" => s_wordPiece with { SepId = 13 },
        "cls out of range" => s_wordPiece with { ClsId = 13 },
        "bos wanted but missing" => s_bytePair with { AddBos = true },
        "no unknown word" => s_wordPiece with { Tokens = ["a", "b"], TokenTypes = null },
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
