using System.Text;
using Konko.Engine.Tokenizers;

namespace Konko.Server.Tests.Support;

/// <summary>A vocabulary for tests: every byte, some words (whole characters, parts of several, markup, the marks of thoughts), a long one, and two special tokens.</summary>
internal sealed class ByteTokenizer : Tokenizer
{
    public const int Eos = 256;
    public const int Special = 257;
    public const int Long = 258;
    public const int FirstWord = 259;

    private static readonly string[] s_words = [" the", " stop", "STOP", "\n\n", "naïve", "日本", "🙂🙃", " \"q\\", "</s>", "a", "aa", "ab", "END", "E", "N", "D", " ", "<think>", "</think>"];

    private readonly byte[][] _bytes;

    public ByteTokenizer()
    {
        _bytes = new byte[FirstWord + s_words.Length + 2][];
        for (int i = 0; i < 256; i++) _bytes[i] = [(byte)i];
        _bytes[Eos] = _bytes[Special] = [];
        _bytes[Long] = Encoding.UTF8.GetBytes(new string('x', 2000));
        for (int i = 0; i < s_words.Length; i++) _bytes[FirstWord + i] = Encoding.UTF8.GetBytes(s_words[i]);
        // Halves of characters as merges leave them: the end of one and the beginning of the next.
        _bytes[^2] = [0x99, 0x82, 0xF0, 0x9F];
        _bytes[^1] = [0xC3];
    }

    public override int VocabularySize => _bytes.Length;

    public override int? BosId => null;

    public override int? EosId => Eos;

    public override bool AddBos => false;

    public override IReadOnlyList<int> EndOfGeneration => [Eos];

    public override bool IsSpecial(int id) => id is Eos or Special;

    public override ReadOnlySpan<byte> Bytes(int id) => _bytes[id];

    public override string Literal(int id) => id switch
    {
        Eos => "<|end|>",
        Special => "<|mark|>",
        _ => Encoding.UTF8.GetString(_bytes[id]),
    };

    public override List<int> Encode(PromptText text)
        => text.ToString() is "<think>" or "</think>" ? [Word(text.ToString())] : [.. Encoding.UTF8.GetBytes(text.ToString()).Select(b => (int)b)];

    /// <summary>The id of a word of the vocabulary.</summary>
    public static int Word(string word) => FirstWord + Array.IndexOf(s_words, word);
}
