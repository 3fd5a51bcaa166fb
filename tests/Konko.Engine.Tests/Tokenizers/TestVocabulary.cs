using Konko.Engine.Tokenizers;

namespace Konko.Engine.Tests.Tokenizers;

/// <summary>Small vocabularies, valid as they are; tests change one thing with <c>with</c>.</summary>
internal static class TestVocabulary
{
    /// <summary>Byte-level BPE: the 256 bytes in order (id = byte), then <c>he</c>, <c>ll</c>, <c>hell</c>, <c>hello</c>, and two control tokens.</summary>
    public static TokenizerData BytePair { get; } = Build(
        ["he", "ll", "hell", "hello"], ["h e", "l l", "he ll", "hell o"], ["<|im_start|>", "<|im_end|>"]);

    /// <summary>SentencePiece: three special tokens, the 256 bytes (id = byte + 3), then pieces.</summary>
    public static TokenizerData SentencePiece { get; } = BuildSentencePiece();

    /// <summary>WordPiece with a handful of words.</summary>
    public static TokenizerData WordPiece { get; } = new()
    {
        Model = "bert",
        Tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "▁un", "aff", "able", "▁the", "▁!", "▁", "▁東", "e", "▁e"],
        TokenTypes = [3, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    };

    /// <summary>Byte-level BPE of the 256 bytes and more.</summary>
    public static TokenizerData Build(string[] merged, string[] merges, string[] control) => new()
    {
        Model = "gpt2",
        Pre = "gpt-2",
        Tokens = [.. Enumerable.Range(0, 256).Select(b => ByteLevelAlphabet.Character(b).ToString()), .. merged, .. control],
        TokenTypes = [.. Enumerable.Repeat(1, 256 + merged.Length), .. Enumerable.Repeat(3, control.Length)],
        Merges = merges,
    };

    private static TokenizerData BuildSentencePiece()
    {
        string[] pieces = ["▁", "a", "b", "c", "ab", "▁ab", "bc", "▁▁"];
        return new TokenizerData
        {
            Model = "llama",
            Tokens = ["<unk>", "<s>", "</s>", .. Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>"), .. pieces],
            TokenTypes = [2, 3, 3, .. Enumerable.Repeat(6, 256), .. Enumerable.Repeat(1, pieces.Length)],
            Scores = [.. new float[259], -5, -6, -7, -8, -1, -2, -1, -3],
        };
    }
}
